// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/yaml_tree.h"
#include "sim/sweep/expression.h"
#include "sim/sweep/published.h"
#include "sim/sweep/run_summary.h"
#include "sim/sweep/statistics.h"

namespace gbsim {

/** Which number of a metric's spread over seeds a bound is about; ratio is of medians, to the first subject. */
enum class Statistic : std::uint8_t { median, min, max, mean, ratio };

/** A stated bound on a metric of one subject (a placement), or of every subject if @of is empty. */
struct Bound {
  std::string metric;  // a formula over paths of summary.json
  std::string of{};
  Statistic statistic = Statistic::median;
  std::optional<double> min{};
  std::optional<double> max{};
  std::string label{};                   // for people; empty: the formula
  std::optional<Published> published{};  // what others measured, in the metric's unit; the bound may be wider
};

/** What became of one bound for one subject. */
struct Verdict {
  Bound bound;
  std::string subject;
  std::optional<double> found{};  // nullopt: no run gave a value, which breaks the bound
  bool holds = false;
};

/** A spread and the ratio of its median to the first subject's, if that is not 0. */
struct Measured {
  Spread spread;
  std::optional<double> ratio{};
};

/** What was measured of @metric for @subject. */
using MeasureLookup = std::function<Measured(const std::string& metric, const std::string& subject)>;

/** What is wrong with a formula as a metric; nullopt if nothing is. */
using FormulaCheck = std::function<std::optional<std::string>(const std::string& formula)>;

/**
 * Bounds of a YAML file: a list under `expect`, each `{metric, of, statistic, min, max, label, published}` with at
 * least one of min and max. Beside the list there may be the keys of a published figure. @subjects are the names that
 * `of` may have, @check says which metrics there are. Every error goes to @errors.
 */
std::vector<Bound> read_bounds(const std::filesystem::path& file, std::span<const std::string> subjects,
                               Diagnostics& errors, const FormulaCheck& check = summary_formula_error);

/** The same for the list under `expect` of the map @root; its other keys are the caller's. */
std::vector<Bound> read_bound_list(const YamlValue& root, std::span<const std::string> subjects,
                                   const ErrorSink& errors, const FormulaCheck& check = summary_formula_error);

/** As files spell it. */
std::string_view name_of(Statistic statistic);

/** One verdict for each bound and subject it is about, in order. */
std::vector<Verdict> judge(std::span<const Bound> bounds, std::span<const std::string> subjects,
                           const MeasureLookup& measured);

/** "max at least 1, at most 8": the statistic unless it is the median, and its limits. */
std::string limits_text(const Bound& bound);

/** "median of thp.success_rate, linux: 0.42, at least 0.5: BROKEN" */
std::string to_string(const Verdict& verdict);

}  // namespace gbsim
