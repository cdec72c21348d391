// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/validation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/sweep/spread_text.h"
#include "sim/sweep/text_table.h"

namespace gbsim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTextColumns = 3;

const std::string& label_of(const Bound& bound) {
  return bound.label.empty() ? bound.metric : bound.label;
}

std::optional<double> ratio_to_published(const Bound& bound, const Spread& simulated) {
  return bound.published && simulated.count > 0 ? bound.published->ratio(simulated.median) : std::nullopt;
}

std::string ratio_text(const Bound& bound, const Spread& simulated) {
  if (!bound.published || simulated.count == 0) {
    return "-";
  }
  if (!bound.published->is_number() && bound.published->covers(simulated.median)) {
    return "within";
  }
  const auto ratio = bound.published->ratio(simulated.median);
  return ratio ? fmt::format("x{:.3g}", *ratio) : "above 0";
}

TableRow row_of(const Validation& validation, const Verdict& verdict) {
  const Bound& bound = verdict.bound;
  const Spread simulated = validation.comparison.measured(bound.metric, verdict.subject).spread;
  return {validation.figure.header.name,
          label_of(bound),
          verdict.subject,
          bound.published ? to_string(*bound.published) : "-",
          median_text(simulated),
          range_text(simulated),
          ratio_text(bound, simulated),
          limits_text(bound),
          verdict.holds ? "holds" : "misses"};
}

Json number_json(std::optional<double> number) {
  return number ? Json(*number) : Json();
}

Json row_json(const Validation& validation, const Verdict& verdict) {
  const Bound& bound = verdict.bound;
  const Spread simulated = validation.comparison.measured(bound.metric, verdict.subject).spread;
  Json json{{"figure", validation.figure.header.name}, {"label", label_of(bound)}, {"metric", bound.metric},
            {"placement", verdict.subject}};
  json["published"] = bound.published ? Json{{"low", number_json(bound.published->low)},
                                             {"high", number_json(bound.published->high)}}
                                      : Json();
  json["simulated"] = to_json(simulated);
  json["ratio"] = number_json(ratio_to_published(bound, simulated));
  json["bound"] = Json{{"statistic", name_of(bound.statistic)},
                       {"min", number_json(bound.min)},
                       {"max", number_json(bound.max)}};
  json["found"] = number_json(verdict.found);
  json["holds"] = verdict.holds;
  return json;
}

Json figure_json(const Validation& validation) {
  const FigureHeader& header = validation.figure.header;
  return {{"name", header.name},
          {"title", header.title},
          {"source", header.source},
          {"scenario", validation.comparison.plan().name},
          {"placements", validation.comparison.plan().placements},
          {"seeds", validation.comparison.plan().seeds},
          {"failures", validation.comparison.failures()}};
}

}  // namespace

std::string validation_table(std::span<const Validation> validations) {
  std::vector<TableRow> rows{
      {"figure", "metric", "placement", "published", "simulated", "min..max", "ratio", "bound", "verdict"}};
  bool has_ranges = false;
  for (const Validation& validation : validations) {
    has_ranges = has_ranges || validation.comparison.plan().seeds.size() > 1;
    for (const Verdict& verdict : validation.verdicts) {
      rows.push_back(row_of(validation, verdict));
    }
  }
  rows.front()[5] = has_ranges ? rows.front()[5] : "";
  return aligned(rows, kTextColumns);
}

std::string validation_json(std::span<const Validation> validations) {
  Json json{{"schema", 1}, {"figures", Json::array()}, {"rows", Json::array()}};
  for (const Validation& validation : validations) {
    json["figures"].push_back(figure_json(validation));
    for (const Verdict& verdict : validation.verdicts) {
      json["rows"].push_back(row_json(validation, verdict));
    }
  }
  return json.dump(1) + "\n";
}

}  // namespace gbsim
