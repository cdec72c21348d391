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
#include "sim/sweep/published_figure.h"
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
    ParamSpec{"label", ParamType::text, "", "the metric for people"},
    ParamSpec{"published", ParamType::text, "", "what others measured"},
};

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
    bound.label = params.text("label");
    bound.published = read_published();
    check(bound);
    return bound;
  }

 private:
  std::optional<Published> read_published() const {
    const YamlValue* value = item_.find("published");
    if (value == nullptr || !value->is_scalar()) {
      return std::nullopt;
    }
    const auto published = parse_published(value->text);
    if (!published) {
      errors_.add(value->at, fmt::format("published: '{}' is neither a number nor a range such as 1..4, ..4 or 4..",
                                         value->text));
    }
    return published;
  }

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

std::string limits(const Bound& bound) {
  const std::string least = bound.min ? fmt::format("at least {:g}", *bound.min) : "";
  const std::string most = bound.max ? fmt::format("at most {:g}", *bound.max) : "";
  return least + (bound.min && bound.max ? ", " : "") + most;
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
  if (!root || !expect_map(*root, "a file of bounds", sink)) {
    return {};
  }
  read_figure_header(*root, file, sink);
  return read_bound_list(*root, subjects, sink, check);
}

std::vector<Bound> read_bound_list(const YamlValue& root, std::span<const std::string> subjects,
                                   const ErrorSink& errors, const FormulaCheck& check) {
  const YamlValue* list = root.find("expect");
  if (list == nullptr) {
    errors.add(root.at, "expect is missing: a list of bounds");
    return {};
  }
  if (!expect_list(*list, "expect", errors)) {
    return {};
  }
  std::vector<Bound> bounds;
  for (const YamlValue& item : list->items) {
    if (expect_map(item, "a bound", errors)) {
      bounds.push_back(BoundReader(item, subjects, check, errors).read());
    }
  }
  return bounds;
}

std::string_view name_of(Statistic statistic) {
  return std::ranges::find(kStatistics, statistic, &std::pair<std::string_view, Statistic>::second)->first;
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

std::string limits_text(const Bound& bound) {
  const bool is_plain = bound.statistic == Statistic::median;
  return (is_plain ? "" : fmt::format("{} ", name_of(bound.statistic))) + limits(bound);
}

std::string to_string(const Verdict& verdict) {
  const Bound& bound = verdict.bound;
  return fmt::format("{} of {}, {}: {}, {}: {}", name_of(bound.statistic), bound.metric, verdict.subject,
                     verdict.found ? fmt::format("{:.6g}", *verdict.found) : "no value", limits(bound),
                     verdict.holds ? "holds" : "BROKEN");
}

}  // namespace gbsim
