// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/bounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "sim/base/params.h"
#include "sim/base/units.h"
#include "sim/scenario/param_values.h"
#include "sim/scenario/text_file.h"
#include "sim/scenario/yaml_tree.h"
#include "sim/sweep/run_summary.h"

namespace gbsim {
namespace {

constexpr std::array<std::pair<std::string_view, Statistic>, 5> kStatistics{{{"median", Statistic::median},
                                                                             {"min", Statistic::min},
                                                                             {"max", Statistic::max},
                                                                             {"mean", Statistic::mean},
                                                                             {"ratio", Statistic::ratio}}};

constexpr std::array kBoundSpecs{
    ParamSpec{"metric", ParamType::text, "", "formula over paths of summary.json"},
    ParamSpec{"of", ParamType::text, "", "placement; absent: each"},
    ParamSpec{"statistic", ParamType::choice, "median", "over seeds", "", 0, 0, "median|min|max|mean|ratio"},
    ParamSpec{"min", ParamType::real, "0", "lowest value that holds", "", -1e18, 1e18},
    ParamSpec{"max", ParamType::real, "0", "highest value that holds", "", -1e18, 1e18},
};

std::string_view statistic_name(Statistic statistic) {
  return std::ranges::find(kStatistics, statistic, &std::pair<std::string_view, Statistic>::second)->first;
}

/** Reads one element of `expect`. */
class BoundReader {
 public:
  BoundReader(const YamlValue& item, std::span<const std::string> subjects, const FormulaCheck& formula_error,
              const ErrorSink& errors)
      : item_(item), subjects_(subjects), formula_error_(formula_error), errors_(errors) {}

  Bound read() {
    Params params(kBoundSpecs);
    read_params(item_, params, errors_);
    Bound bound{.metric = params.text("metric"), .of = params.text("of")};
    const std::string& name = params.text("statistic");
    bound.statistic = std::ranges::find(kStatistics, name, &std::pair<std::string_view, Statistic>::first)->second;
    if (item_.find("min") != nullptr) {
      bound.min = params.real("min");
    }
    if (item_.find("max") != nullptr) {
      bound.max = params.real("max");
    }
    check(bound);
    return bound;
  }

 private:
  void check(const Bound& bound) const {
    if (!bound.min && !bound.max) {
      errors_.add(item_.at, "a bound needs min, max or both");
    } else if (bound.min && bound.max && *bound.min > *bound.max) {
      errors_.add(item_.at, fmt::format("min {:g} is above max {:g}", *bound.min, *bound.max));
    }
    if (!bound.of.empty() && std::ranges::find(subjects_, bound.of) == subjects_.end()) {
      const std::vector<std::string_view> known(subjects_.begin(), subjects_.end());
      errors_.add(item_.find("of")->at, unknown_name("placement of this comparison", bound.of, known));
    }
    check_metric(bound);
  }

  void check_metric(const Bound& bound) const {
    const YamlValue* metric = item_.find("metric");
    if (metric == nullptr) {
      errors_.add(item_.at, "a bound needs a metric");
      return;
    }
    if (auto error = formula_error_(bound.metric)) {
      errors_.add(metric->at, std::move(*error));
    }
  }

  const YamlValue& item_;
  std::span<const std::string> subjects_;
  const FormulaCheck& formula_error_;
  const ErrorSink& errors_;
};

const YamlValue* expected_list(const YamlValue& root, const ErrorSink& errors) {
  constexpr std::array<std::string_view, 1> kKeys{"expect"};
  if (!expect_map(root, "a file of bounds", errors)) {
    return nullptr;
  }
  for (const YamlEntry& entry : root.entries) {
    if (entry.key != kKeys[0]) {
      errors.add(entry.at, unknown_name("key", entry.key, kKeys));
    }
  }
  const YamlValue* list = root.find(kKeys[0]);
  if (list == nullptr) {
    errors.add(root.at, "expect is missing: a list of bounds");
    return nullptr;
  }
  return expect_list(*list, kKeys[0], errors) ? list : nullptr;
}

std::optional<double> found(const Bound& bound, const Measured& measured) {
  if (measured.spread.count == 0) {
    return std::nullopt;
  }
  switch (bound.statistic) {
    case Statistic::median:
      return measured.spread.median;
    case Statistic::min:
      return measured.spread.min;
    case Statistic::max:
      return measured.spread.max;
    case Statistic::mean:
      return measured.spread.mean;
    case Statistic::ratio:
      return measured.ratio;
  }
  return std::nullopt;
}

bool holds(const Bound& bound, std::optional<double> value) {
  return value && (!bound.min || *value >= *bound.min) && (!bound.max || *value <= *bound.max);
}

}  // namespace

std::vector<Bound> read_bounds(const std::filesystem::path& file, std::span<const std::string> subjects,
                               Diagnostics& errors, const FormulaCheck& check) {
  const ErrorSink sink(file.string(), errors);
  const auto text = read_text_file(file, sink);
  const auto root = text ? parse_yaml(*text, sink) : std::nullopt;
  const YamlValue* list = root ? expected_list(*root, sink) : nullptr;
  std::vector<Bound> bounds;
  for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    if (expect_map(list->items[i], "a bound", sink)) {
      bounds.push_back(BoundReader(list->items[i], subjects, check, sink).read());
    }
  }
  return bounds;
}

std::vector<Verdict> judge(std::span<const Bound> bounds, std::span<const std::string> subjects,
                           const MeasureLookup& measured) {
  std::vector<Verdict> verdicts;
  for (const Bound& bound : bounds) {
    const auto is_about = [&](const std::string& subject) { return bound.of.empty() || bound.of == subject; };
    for (const std::string& subject : subjects | std::views::filter(is_about)) {
      const auto value = found(bound, measured(bound.metric, subject));
      verdicts.push_back({bound, subject, value, holds(bound, value)});
    }
  }
  return verdicts;
}

std::string to_string(const Verdict& verdict) {
  const Bound& bound = verdict.bound;
  std::string text = fmt::format("{} of {}, {}: {}", statistic_name(bound.statistic), bound.metric, verdict.subject,
                                 verdict.found ? fmt::format("{:.6g}", *verdict.found) : "no value");
  text += bound.min ? fmt::format(", at least {:g}", *bound.min) : "";
  text += bound.max ? fmt::format(", at most {:g}", *bound.max) : "";
  return text + (verdict.holds ? ": holds" : ": BROKEN");
}

}  // namespace gbsim
