// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/run.h"

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "sim/bench/bench.h"
#include "sim/cli/live_view.h"
#include "sim/cli/ops.h"
#include "sim/cli/options.h"
#include "sim/cli/print_errors.h"
#include "sim/cli/progress.h"
#include "sim/cli/run_end.h"
#include "sim/cli/run_options.h"
#include "sim/cli/scenario_input.h"
#include "sim/cli/sweep.h"
#include "sim/metrics/result_dir.h"
#include "sim/metrics/result_writer.h"
#include "sim/report/plots.h"
#include "sim/scenario/text_file.h"
#include "sim/scenario/writer.h"

namespace gbsim::cli {

namespace fs = std::filesystem;

namespace {

/** Passes what a run reports to the result files and to who looks on. */
class Recorder final : public RunObserver {
 public:
  Recorder(ResultWriter& writer, TraceFiles& traces, ProgressDisplay& progress)
      : writer_(writer), traces_(traces), progress_(progress) {}

  void on_boot(const Sample& sample) override { writer_.begin(sample); }
  void on_sample(const Sample& sample) override {
    writer_.sample(sample);
    traces_.sample(sample);
  }
  void on_snapshot(const Sample& sample) override { writer_.snapshot(sample); }
  void on_event(const RunEvent& event) override {
    writer_.event(event);
    traces_.event(event);
  }
  void on_trace(const TraceRecord& record) override { traces_.record(record); }
  void on_finish(const RunEnding& ending) override { traces_.finish(ending.simulated); }
  void on_latency(std::span<const LatencyRow> rows) override { writer_.latency(rows); }
  void on_progress(const RunProgress& progress) override { progress_.show(progress); }
  bool wants_glimpse() override { return progress_.wants_glimpse(); }
  void on_glimpse(const Sample& sample) override { progress_.glimpse(sample); }

 private:
  ResultWriter& writer_;
  TraceFiles& traces_;
  ProgressDisplay& progress_;
};

std::unique_ptr<ProgressDisplay> display_for(const RunCommand& command, const RunIdentity& run) {
  if (!command.watch) {
    return std::make_unique<ProgressLine>(command.quiet);
  }
  return std::make_unique<LiveView>(
      fmt::format("gbsim {}  placement {}  pcp {}  seed {}", run.scenario, run.placement, run.pcp, run.seed));
}

int simulate(const RunCommand& command, const Scenario& scenario) {
  const auto started = std::chrono::steady_clock::now();
  const RunIdentity identity{scenario.name, scenario.placement, scenario.pcp, scenario.seed};
  const fs::path dir = command.out ? fs::path(*command.out) : default_result_dir(identity);
  prepare_result_dir(dir, command.force);
  ResultWriter writer(dir, identity, write_scenario(scenario));
  TraceFiles traces(command.trace, dir, scenario);
  const auto progress = display_for(command, identity);
  Recorder recorder(writer, traces, *progress);
  Simulation simulation(scenario, command.run, recorder);
  RunEnding ending = simulation.run();
  ending.host = host_figures(started);
  progress->end();
  writer.finish(ending);
  return end_run(dir, ending, simulation.signal(), command.plots);
}

}  // namespace

int run_scenario(Arguments arguments) {
  const auto command = parse_run_command(arguments);
  if (!command) {
    return kDone;
  }
  const WorkloadCatalog models;
  const ReadOptions options{models, workload_dirs(command->scenario), command->overrides};
  const ReadResult read = read_scenario(command->scenario, options);
  if (!read.scenario || !read.errors.empty()) {
    print_errors(read.errors);
    return kBadInput;
  }
  try {
    return simulate(*command, *read.scenario);
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
}

namespace {

Diagnostics errors_of(const std::string& file) {
  Diagnostics errors;
  const auto text = read_text_file(file, ErrorSink(file, errors));
  if (!text) {
    return errors;
  }
  if (looks_like_sweep(*text)) {
    read_sweep(*text, file, settings_check(), errors);
    return errors;
  }
  const WorkloadCatalog models;
  return check_text(*text, file, ReadOptions{models, workload_dirs(file)});
}

}  // namespace

int run_check(Arguments arguments) {
  OptionParser options("check", "FILE.yaml...");
  if (options.parse(arguments)) {
    return kDone;
  }
  if (options.operands().empty()) {
    throw UsageError("gbsim check: needs at least one FILE.yaml");
  }
  bool clean = true;
  for (const std::string& file : options.operands()) {
    const Diagnostics errors = errors_of(file);
    print_errors(errors);
    clean = clean && errors.empty();
    if (errors.empty()) {
      fmt::print("{}: ok\n", file);
    }
  }
  return clean ? kDone : kBadInput;
}

int run_plot(Arguments arguments) {
  OptionParser options("plot", "DIR...");
  options.add()("output,o", boost::program_options::value<std::string>(), "where overlaid pictures go (default plots)");
  if (options.parse(arguments)) {
    return kDone;
  }
  std::vector<fs::path> dirs(options.operands().begin(), options.operands().end());
  if (dirs.empty()) {
    throw UsageError("gbsim plot: needs at least one result directory");
  }
  for (const fs::path& dir : dirs) {
    if (!fs::exists(dir / "timeseries.csv")) {
      throw UsageError(fmt::format("{}: no result directory (timeseries.csv is missing)", dir.string()));
    }
  }
  const fs::path fallback = dirs.size() == 1 ? dirs.front() / "plots" : fs::path("plots");
  const fs::path out = options.has("output") ? fs::path(options.text("output")) : fallback;
  const PlotOutcome outcome = draw_plots(dirs, out);
  report_plots(outcome);
  fmt::print("{} pictures in {}\n", outcome.pictures.size(), out.string());
  return outcome.problems.empty() ? kDone : kFailed;
}

int run_ops_command(Arguments arguments) {
  return ops_command(arguments, std::cout);
}

int run_bench_command(Arguments arguments) {
  try {
    return run_bench(arguments, std::cout);
  } catch (const std::invalid_argument& refused) {
    throw UsageError(refused.what());
  }
}

}  // namespace gbsim::cli
