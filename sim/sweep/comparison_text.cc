// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/metrics/csv.h"
#include "sim/sweep/comparison.h"
#include "sim/sweep/spread_text.h"
#include "sim/sweep/text_table.h"

namespace gbsim {
namespace {

using Json = nlohmann::ordered_json;
using Row = TableRow;

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
    row.push_back(median_text(measured.spread));
    row.push_back(range_text(measured.spread));
    row.push_back(placement == comparison.plan().placements.front() ? "" : ratio_text(measured));
  }
  return row;
}

/** A finite number as short as it reads back the same; null has no CSV spelling but nothing. */
std::string exact(std::optional<double> value) {
  return value ? fmt::format("{}", *value) : "";
}

Json measured_json(const Measured& measured) {
  Json json = to_json(measured.spread);
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
      mine = measured_json(comparison.measured(metric.formula, placement));
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
  json["warnings"] = plan.warnings;
  json["failures"] = comparison.failures();
  json["metrics"] = metrics_json(comparison);
  json["bounds"] = Json::array();
  for (const Verdict& verdict : verdicts) {
    json["bounds"].push_back(verdict_json(verdict));
  }
  return json.dump(1) + "\n";
}

}  // namespace gbsim
