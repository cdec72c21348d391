// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <sstream>

#include "sim/cli/batch_options.h"
#include "sim/cli/scenario_input.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/report/gnuplot.h"
#include "sim/report/plots.h"
#include "sim/report/run_files.h"
#include "sim/sweep/comparison.h"
#include "sim/sweep/comparison_plot.h"
#include "sim/sweep/comparison_results.h"
#include "sim/sweep/progress_display.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

constexpr std::uint64_t kMostSeeds = 10'000;

/** Shows a comparison's progress. */
class Watcher final : public BatchWatcher {
 public:
  Watcher(const Comparison& comparison, bool quiet) : comparison_(comparison), display_(quiet) {}

  void on_progress(std::size_t running) override {
    display_.show({comparison_.total(), comparison_.done(), running, comparison_.failed()});
  }
  void end() { display_.end(); }

 private:
  const Comparison& comparison_;
  ProgressDisplay display_;
};

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

std::vector<ComparedMetric> metrics_of(const OptionParser& options, const std::string& gigablock) {
  std::vector<ComparedMetric> metrics = default_metrics(gigablock);
  for (const std::string& formula : options.texts("metric")) {
    if (const auto error = summary_formula_error(formula)) {
      throw UsageError(fmt::format("--metric {}: {}", formula, *error));
    }
    metrics.push_back({formula, formula});
  }
  return metrics;
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
    plan.metrics = metrics_of(options, gigablock_size_of(dirs.front() / "scenario.yaml"));
    plan.dir = options.has("output") ? options.text("output") : "";
    return plan;
  } catch (const std::invalid_argument& unusable) {
    throw UsageError(unusable.what());
  }
}

/** Everything but what the scenario says; nullopt if the scenario has errors, which are printed. */
std::optional<ComparisonPlan> plan_of(const OptionParser& options) {
  ComparisonPlan plan;
  plan.scenario = options.operand();
  plan.settings = setting_options(options);
  plan.placements = placements_of(options);
  for (const std::string& placement : plan.placements) {
    std::vector<std::string> settings = plan.settings;
    settings.push_back("placement=" + placement);
    const auto scenario = read_checked(plan.scenario.string(), settings);
    if (!scenario) {
      return std::nullopt;
    }
    plan.name = scenario->name;
    plan.simulated_memory = scenario->machine.memory;
    plan.metrics = metrics_of(options, gigablock_size(scenario->machine.gigablock_order));
    plan.seeds = {scenario->seed};
  }
  const std::uint64_t seeds = options.has("seeds") ? options.number("seeds", 1, kMostSeeds) : 1;
  while (plan.seeds.size() < seeds) {
    plan.seeds.push_back(plan.seeds.back() + 1);
  }
  plan.dir = options.has("output") ? fs::path(options.text("output")) : fs::path("results") / (plan.name + "-compare");
  return plan;
}

void report_problems(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    std::cerr << "gbsim: plots: " << problem << '\n';
  }
}

/** The runs of the first seed overlaid, and the metrics of all seeds. */
void draw(const Comparison& comparison) {
  const ComparisonPlan& plan = comparison.plan();
  const fs::path out = plan.dir / "plots";
  std::vector<fs::path> dirs;
  for (const std::string& placement : plan.placements) {
    dirs.push_back(comparison.run_dir(placement, plan.seeds.front()));
  }
  std::erase(dirs, fs::path());
  report_problems(draw_plots(dirs, out).problems);
  fs::create_directories(out);
  const fs::path script = out / fmt::format("{}.gp", kComparisonPlotName);
  write_atomically(script, comparison_script(comparison));
  if (const auto gnuplot = find_gnuplot()) {
    report_problems(run_gnuplot(*gnuplot, {{script, "png"}, {script, "svg"}}, 2));
  }
}

int judge_and_write(const Comparison& comparison, const std::vector<Bound>& bounds) {
  const ComparisonPlan& plan = comparison.plan();
  const auto measured = [&](const std::string& metric, const std::string& placement) {
    return comparison.measured(metric, placement);
  };
  const std::vector<Verdict> verdicts = judge(bounds, plan.placements, measured);
  if (!plan.dir.empty()) {
    write_atomically(plan.dir / "compare.csv", comparison_csv(comparison));
    write_atomically(plan.dir / "compare.json", comparison_json(comparison, verdicts));
  }
  fmt::print("{}", comparison_table(comparison));
  for (const Verdict& verdict : verdicts) {
    fmt::print("{}\n", to_string(verdict));
  }
  const bool all_hold = std::ranges::all_of(verdicts, &Verdict::holds);
  return all_hold ? kDone : kBoundBroken;
}

int compare(const OptionParser& options, Comparison& comparison, const std::vector<Bound>& bounds) {
  const bool is_over = !comparison.plan().results.empty();  // before it began
  Watcher watcher(comparison, options.has("quiet") || is_over);
  const int signal = run_batch(comparison, batch_options(options), watcher);
  watcher.end();
  if (signal != 0) {
    fmt::print(stderr, "gbsim: interrupted; finished runs are in {}\n", comparison.plan().dir.string());
    return 128 + signal;
  }
  const int verdict = judge_and_write(comparison, bounds);
  const fs::path& dir = comparison.plan().dir;
  if (!options.has("no-plots") && !dir.empty()) {
    draw(comparison);
  }
  for (const std::string& failure : comparison.failures()) {
    std::cerr << "gbsim: run failed: " << failure << '\n';
  }
  fmt::print("{}", dir.empty() ? "" : fmt::format("results: {}\n", dir.string()));
  return comparison.failed() > 0 ? kFailed : verdict;
}

}  // namespace

int run_compare(Arguments arguments) {
  OptionParser options("compare", "SCENARIO.yaml|DIR...");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  const auto plan = has_results(options) ? plan_of_results(options) : plan_of(options);
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
