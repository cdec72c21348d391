// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/metrics/csv.h"
#include "sim/sweep/comparison.h"

namespace gbsim {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

/** Five significant digits, which is more than seeds agree on. */
std::string brief(double value) {
  return fmt::format("{:.5g}", value);
}

std::string median_text(const Measured& measured) {
  return measured.spread.count > 0 ? brief(measured.spread.median) : "-";
}

std::string range_text(const Measured& measured) {
  const Spread& spread = measured.spread;
  return spread.count < 2 ? "" : fmt::format("{}..{}", brief(spread.min), brief(spread.max));
}

std::string ratio_text(const Measured& measured) {
  return measured.ratio ? fmt::format("x{:.3g}", *measured.ratio) : "";
}

Row head_row(const Comparison& comparison) {
  Row row{"metric"};
  for (const std::string& placement : comparison.plan().placements) {
    row.push_back(placement);
    row.push_back(comparison.plan().seeds.size() > 1 ? "min..max" : "");
    row.push_back(placement == comparison.plan().placements.front() ? "" : "ratio");
  }
  return row;
}

Row metric_row(const Comparison& comparison, const ComparedMetric& metric) {
  Row row{metric.label};
  for (const std::string& placement : comparison.plan().placements) {
    const Measured measured = comparison.measured(metric.formula, placement);
    row.push_back(median_text(measured));
    row.push_back(range_text(measured));
    row.push_back(placement == comparison.plan().placements.front() ? "" : ratio_text(measured));
  }
  return row;
}

/** Rows in columns, the first left-aligned; columns without text take no room. */
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    std::ranges::transform(row, widths, widths.begin(),
                           [](const std::string& cell, std::size_t width) { return std::max(width, cell.size()); });
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = fmt::format("{:<{}}", row[0], widths[0]);
    for (std::size_t i = 1; i < row.size(); ++i) {
      line += widths[i] > 0 ? fmt::format("  {:>{}}", row[i], widths[i]) : "";
    }
    text += line.erase(line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

/** A finite number as short as it reads back the same; null has no CSV spelling but nothing. */
std::string exact(std::optional<double> value) {
  return value ? fmt::format("{}", *value) : "";
}

Json spread_json(const Measured& measured) {
  const Spread& spread = measured.spread;
  Json json{{"runs", spread.count}};
  if (spread.count > 0) {
    json.update(Json{{"median", spread.median}, {"min", spread.min}, {"q1", spread.q1}, {"q3", spread.q3},
                     {"max", spread.max}, {"mean", spread.mean}});
  }
  if (measured.ratio) {
    json["ratio"] = *measured.ratio;
  }
  return json;
}

Json metrics_json(const Comparison& comparison) {
  Json metrics = Json::array();
  for (const ComparedMetric& metric : comparison.plan().metrics) {
    Json json{{"metric", metric.label}, {"formula", metric.formula}, {"placements", Json::object()}};
    for (const std::string& placement : comparison.plan().placements) {
      Json& mine = json["placements"][placement];
      mine = spread_json(comparison.measured(metric.formula, placement));
      mine["values"] = comparison.values(metric.formula, placement);
    }
    metrics.push_back(std::move(json));
  }
  return metrics;
}

Json verdict_json(const Verdict& verdict) {
  Json json{{"bound", to_string(verdict)}, {"metric", verdict.bound.metric}, {"placement", verdict.subject}};
  json["found"] = verdict.found ? Json(*verdict.found) : Json();
  json["holds"] = verdict.holds;
  return json;
}

}  // namespace

std::string comparison_table(const Comparison& comparison) {
  std::vector<Row> rows{head_row(comparison)};
  for (const ComparedMetric& metric : comparison.plan().metrics) {
    rows.push_back(metric_row(comparison, metric));
  }
  return aligned(rows);
}

std::string comparison_csv(const Comparison& comparison) {
  std::string text = "metric,formula,placement,runs,median,min,q1,q3,max,mean,ratio\n";
  for (const ComparedMetric& metric : comparison.plan().metrics) {
    for (const std::string& placement : comparison.plan().placements) {
      const Measured measured = comparison.measured(metric.formula, placement);
      const Spread& spread = measured.spread;
      const std::string numbers =
          spread.count == 0 ? ",,,,,"
                            : fmt::format("{},{},{},{},{},{}", spread.median, spread.min, spread.q1, spread.q3,
                                          spread.max, spread.mean);
      text += fmt::format("{},{},{},{},{},{}\n", csv_field(metric.label), csv_field(metric.formula), placement,
                          spread.count, numbers, exact(measured.ratio));
    }
  }
  return text;
}

std::string comparison_json(const Comparison& comparison, std::span<const Verdict> verdicts) {
  const ComparisonPlan& plan = comparison.plan();
  Json json{{"schema", 1}, {"scenario", plan.name}, {"placements", plan.placements}, {"seeds", plan.seeds}};
  json["settings"] = plan.settings;
  json["failures"] = comparison.failures();
  json["metrics"] = metrics_json(comparison);
  json["bounds"] = Json::array();
  for (const Verdict& verdict : verdicts) {
    json["bounds"].push_back(verdict_json(verdict));
  }
  return json.dump(1) + "\n";
}

}  // namespace gbsim
