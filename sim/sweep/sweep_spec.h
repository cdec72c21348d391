// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/sweep/design.h"
#include "sim/sweep/expression.h"

namespace gbsim {

/** A named number of a run. */
struct SweepMetric {
  std::string name;
  Expression formula;  // over paths of summary.json and varied keys
};

/** A metric to make large or small. */
struct Objective {
  std::string metric;
  bool maximise = true;
};

/** Adds seeds to a point until the mean of each metric is known well enough. */
struct StopRule {
  double confidence = 0.95;
  double width = 0.05;               // of the interval of the mean, over the mean
  std::vector<std::string> metrics;  // names
  std::size_t max_seeds = 20;
};

/** A sweep as its file states it. */
struct SweepSpec {
  std::string name;
  std::filesystem::path base;           // scenario
  std::vector<std::string> settings{};  // "KEY=VALUE" for all runs
  std::vector<Axis> axes{};
  Method method = Method::grid;
  std::size_t points = 0;  // drawn, for methods other than grid
  std::uint64_t seed = 1;  // of the drawing
  std::size_t seeds = 1;   // runs of each point, with the scenario's seed and those after it
  std::vector<Expression> filters{};  // over varied keys: a point stays if all are true
  std::vector<SweepMetric> metrics{};
  std::vector<Objective> objectives{};
  std::optional<StopRule> until{};
};

/** What is wrong with the base scenario under @settings. */
using SettingsCheck =
    std::function<Diagnostics(const std::filesystem::path& base, const std::vector<std::string>& settings)>;

/**
 * Reads the @text of a sweep @file; its base is found relative to it. Every value of every axis is tried on the base
 * scenario by @check. nullopt if there are @errors, all of which are named.
 */
std::optional<SweepSpec> read_sweep(std::string_view text, const std::filesystem::path& file,
                                    const SettingsCheck& check, Diagnostics& errors);

/** Whether @text looks like a sweep rather than a scenario: it has `vary`. */
bool looks_like_sweep(std::string_view text);

}  // namespace gbsim
