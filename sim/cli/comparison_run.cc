// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/comparison_run.h"

#include <fmt/format.h>

#include <iostream>

#include "sim/cli/batch_options.h"
#include "sim/cli/run_end.h"
#include "sim/metrics/output_file.h"
#include "sim/report/run_files.h"
#include "sim/sweep/comparison_plot.h"
#include "sim/sweep/comparison_results.h"
#include "sim/sweep/progress_display.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;

/** Shows how far comparisons are. */
class Watcher final : public BatchWatcher {
 public:
  Watcher(const ComparisonSet& comparisons, bool quiet) : comparisons_(comparisons), display_(quiet) {}

  void on_progress(std::size_t running) override {
    display_.show({comparisons_.total(), comparisons_.done(), running, comparisons_.failed()});
  }
  void end() { display_.end(); }

 private:
  const ComparisonSet& comparisons_;
  ProgressDisplay display_;
};

}  // namespace

std::optional<ComparisonPlan> plan_comparison(const ComparisonRequest& request) {
  ComparisonPlan plan;
  plan.scenario = request.scenario;
  plan.settings = request.settings;
  plan.placements = request.placements;
  for (const std::string& placement : plan.placements) {
    std::vector<std::string> settings = plan.settings;
    settings.push_back("placement=" + placement);
    const auto scenario = read_checked(plan.scenario.string(), settings);
    if (!scenario) {
      return std::nullopt;
    }
    plan.name = scenario->name;
    plan.simulated_memory = scenario->machine.memory;
    plan.metrics = default_metrics(gigablock_size(scenario->machine.gigablock_order));
    plan.seeds = {scenario->seed};
  }
  while (plan.seeds.size() < request.seeds) {
    plan.seeds.push_back(plan.seeds.back() + 1);
  }
  return plan;
}

int run_comparisons(std::span<Comparison> comparisons, const BatchOptions& options, bool quiet) {
  ComparisonSet set(comparisons);
  Watcher watcher(set, quiet);
  const int signal = run_batch(set, options, watcher);
  watcher.end();
  return signal;
}

std::vector<Verdict> judge_and_write(const Comparison& comparison, std::span<const Bound> bounds) {
  const ComparisonPlan& plan = comparison.plan();
  const auto measured = [&](const std::string& metric, const std::string& placement) {
    return comparison.measured(metric, placement);
  };
  std::vector<Verdict> verdicts = judge(bounds, plan.placements, measured);
  if (!plan.dir.empty()) {
    write_atomically(plan.dir / "compare.csv", comparison_csv(comparison));
    write_atomically(plan.dir / "compare.json", comparison_json(comparison, verdicts));
  }
  return verdicts;
}

bool draw_comparison(const Comparison& comparison) {
  const ComparisonPlan& plan = comparison.plan();
  const fs::path out = plan.dir / "plots";
  std::vector<fs::path> dirs;
  for (const std::string& placement : plan.placements) {
    dirs.push_back(comparison.run_dir(placement, plan.seeds.front()));
  }
  std::erase(dirs, fs::path());
  PlotOutcome outcome = draw_plots(dirs, out);
  fs::create_directories(out);
  const fs::path script = out / fmt::format("{}.gp", kComparisonPlotName);
  write_atomically(script, comparison_script(comparison));
  if (find_gnuplot()) {  // otherwise draw_plots() has said so
    draw_pictures({{script, "png"}, {script, "svg"}}, outcome);
  }
  return report_plots(outcome);
}

void print_failures(const Comparison& comparison) {
  for (const std::string& failure : comparison.failures()) {
    std::cerr << "gbsim: run failed: " << failure << '\n';
  }
}

}  // namespace gbsim::cli
