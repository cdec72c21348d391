// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/sweep/comparison.h"
#include "sim/sweep/comparison_set.h"

namespace gbsim::cli {

/** What a comparison of one scenario takes from its user. */
struct ComparisonRequest {
  std::filesystem::path scenario;
  std::vector<std::string> settings{};  // "KEY=VALUE" for every run
  std::vector<std::string> placements{};
  std::uint64_t seeds = 1;  // the scenario's and those after it
};

/** The plan with the default metrics and no directory; nullopt if the scenario has errors, which are printed. */
std::optional<ComparisonPlan> plan_comparison(const ComparisonRequest& request);

/** What is still to be run, with its progress unless @quiet. Returns the signal that interrupted it, or 0. */
int run_comparisons(std::span<Comparison> comparisons, const BatchOptions& options, bool quiet);

/** @bounds judged, and compare.csv and compare.json in the plan's directory if it has one. */
std::vector<Verdict> judge_and_write(const Comparison& comparison, std::span<const Bound> bounds);

/** Draws the runs of the first seed overlaid, and the metrics of all, in the plan's directory; see report_plots(). */
bool draw_comparison(const Comparison& comparison);

/** Every run without results, on standard error. */
void print_failures(const Comparison& comparison);

}  // namespace gbsim::cli
