// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "sim/cli/batch_options.h"
#include "sim/cli/comparison_run.h"
#include "sim/cli/print_errors.h"
#include "sim/metrics/result_dir.h"
#include "sim/report/run_files.h"
#include "sim/sweep/comparison_results.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  const auto texts = [] { return po::value<std::vector<std::string>>(); };
  options.add()("placement", text(), "placements, separated by commas; the first is the measure of the others");
  options.add()("seeds", text(), "runs of each placement, with the scenario's seed and those after it (default 1)");
  options.add()("output,o", text(), "result directory (default results/NAME-compare; of directories: print only)");
  add_setting_options(options);
  options.add()("metric", texts(), "one more row: a formula over paths of summary.json; repeatable");
  options.add()("expect", text(), "file of bounds; exit status 3 if one does not hold");
  options.add()("force", "replace an earlier comparison in the directory");
  options.add()("quiet", "no progress");
  options.add()("no-plots", "write no pictures");
  add_batch_options(options);
}

std::vector<std::string> placements_of(const OptionParser& options) {
  if (!options.has("placement")) {
    throw UsageError("gbsim compare: needs --placement A,B; 'gbsim placements' lists them");
  }
  std::vector<std::string> placements;
  std::istringstream words(options.text("placement"));
  for (std::string word; std::getline(words, word, ',');) {
    if (std::ranges::find(placements, word) != placements.end()) {
      throw UsageError(fmt::format("--placement {}: '{}' appears twice", options.text("placement"), word));
    }
    placements.push_back(word);
  }
  if (placements.empty()) {
    throw UsageError("--placement: wants A,B; 'gbsim placements' lists them");
  }
  return placements;
}

/** Adds a row for each --metric. */
void add_metrics(const OptionParser& options, std::vector<ComparedMetric>& metrics) {
  for (const std::string& formula : options.texts("metric")) {
    if (const auto error = summary_formula_error(formula)) {
      throw UsageError(fmt::format("--metric {}: {}", formula, *error));
    }
    metrics.push_back({formula, formula});
  }
}

/** The operands are directories with results, not a scenario to run. */
bool has_results(const OptionParser& options) {
  return std::ranges::any_of(options.operands(), [](const std::string& operand) { return fs::is_directory(operand); });
}

/** What is there already, compared as it is. */
ComparisonPlan plan_of_results(const OptionParser& options) {
  constexpr std::array kForRuns{"placement", "seeds", "seed",   "set",           "duration",
                                "jobs",      "timeout", "memory", "memory-per-run"};
  for (const char* name : kForRuns) {
    if (options.has(name)) {
      throw UsageError(fmt::format("--{} is for runs; directories are compared as they are", name));
    }
  }
  const std::vector<fs::path> dirs(options.operands().begin(), options.operands().end());
  try {
    ComparisonPlan plan = plan_for_results(dirs);
    plan.metrics = default_metrics(gigablock_size_of(dirs.front() / "scenario.yaml"));
    add_metrics(options, plan.metrics);
    plan.dir = options.has("output") ? options.text("output") : "";
    return plan;
  } catch (const std::invalid_argument& unusable) {
    throw UsageError(unusable.what());
  }
}

/** The scenario's runs; nullopt if it has errors, which are printed. */
std::optional<ComparisonPlan> plan_of_scenario(const OptionParser& options) {
  ComparisonRequest request{.scenario = options.operand(), .settings = setting_options(options)};
  request.placements = placements_of(options);
  request.seeds = seeds_option(options, 1);
  auto plan = plan_comparison(request);
  if (plan) {
    add_metrics(options, plan->metrics);
    const fs::path usual = fs::path("results") / (plan->name + "-compare");
    plan->dir = options.has("output") ? fs::path(options.text("output")) : usual;
  }
  return plan;
}

int compare(const OptionParser& options, Comparison& comparison, const std::vector<Bound>& bounds) {
  const bool is_over = !comparison.plan().results.empty();  // before it began
  const int signal = run_comparisons({&comparison, 1}, batch_options(options), options.has("quiet") || is_over);
  const fs::path& dir = comparison.plan().dir;
  if (signal != 0) {
    fmt::print(stderr, "gbsim: interrupted; finished runs are in {}\n", dir.string());
    return interrupted_by(signal);
  }
  for (const std::string& warning : comparison.plan().warnings) {
    fmt::print(stderr, "gbsim: warning: {}\n", warning);
  }
  const std::vector<Verdict> verdicts = judge_and_write(comparison, bounds);
  fmt::print("{}", comparison_table(comparison));
  for (const Verdict& verdict : verdicts) {
    fmt::print("{}\n", to_string(verdict));
  }
  const bool is_drawn = options.has("no-plots") || dir.empty() || draw_comparison(comparison);
  print_failures(comparison);
  fmt::print("{}", dir.empty() ? "" : fmt::format("results: {}\n", dir.string()));
  const bool all_hold = std::ranges::all_of(verdicts, &Verdict::holds);
  return comparison.failed() > 0 || !is_drawn ? kFailed : all_hold ? kDone : kBoundBroken;
}

}  // namespace

int run_compare(Arguments arguments) {
  OptionParser options("compare", "SCENARIO.yaml|DIR...");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  const auto plan = has_results(options) ? plan_of_results(options) : plan_of_scenario(options);
  if (!plan) {
    return kBadInput;
  }
  Diagnostics errors;
  std::vector<Bound> bounds;
  if (options.has("expect")) {
    bounds = read_bounds(options.text("expect"), plan->placements, errors);
    print_errors(errors);
  }
  if (!errors.empty()) {
    return kBadInput;
  }
  try {
    if (!plan->dir.empty()) {
      prepare_result_dir(plan->dir, options.has("force"));
    }
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
  Comparison comparison(*plan);
  return compare(options, comparison, bounds);
}

}  // namespace gbsim::cli
