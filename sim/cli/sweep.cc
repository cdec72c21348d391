// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/sweep.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iostream>
#include <iterator>

#include "sim/base/units.h"
#include "sim/cli/batch_options.h"
#include "sim/cli/scenario_input.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/scenario/writer.h"
#include "sim/sweep/pilot.h"
#include "sim/sweep/progress_display.h"
#include "sim/sweep/result_store.h"
#include "sim/sweep/sweep_dir.h"
#include "sim/sweep/sweep_plot.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

/** Shows a sweep's progress. */
class Watcher final : public BatchWatcher {
 public:
  Watcher(const Sweep& sweep, bool quiet) : sweep_(sweep), known_(sweep.done()), display_(quiet) {}

  void on_progress(std::size_t running) override {
    display_.show({sweep_.total(), sweep_.done(), running, sweep_.failed(), known_});
  }
  void end() { display_.end(); }

 private:
  const Sweep& sweep_;
  std::size_t known_;
  ProgressDisplay display_;
};

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("output,o", text(), "result directory (default results/NAME-sweep)");
  options.add()("resume", "go on with the sweep in the directory; finished runs stay");
  options.add()("engine", text()->default_value("local"),
                "local: here; commands: write commands.txt for GNU parallel, make or xargs, then --resume");
  options.add()("dry-run", "list the points, estimate time and memory with one run, change nothing");
  options.add()("force", "replace an earlier sweep in the directory");
  options.add()("quiet", "no progress");
  options.add()("no-plots", "write no pictures");
  add_batch_options(options);
}

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/** The engine asked for. Throws UsageError. */
std::string engine_of(const OptionParser& options) {
  constexpr std::array<std::string_view, 2> kEngines{"local", "commands"};
  const std::string engine = options.text("engine");
  if (std::ranges::find(kEngines, engine) == kEngines.end()) {
    throw UsageError(fmt::format("--engine {}: allowed: {}", engine, fmt::join(kEngines, ", ")));
  }
  return engine;
}

void print_points(const Sweep& sweep) {
  for (const SweepPoint& point : sweep.points()) {
    std::string line = point.id;
    for (std::size_t i = 0; i < point.setting.size(); ++i) {
      line += fmt::format(" {}={}", sweep.spec().axes[i].key, point.setting[i]);
    }
    fmt::print("{}\n", line);
  }
}

int dry_run(Sweep& sweep, const SweepFiles& files, const BatchOptions& batch) {
  print_points(sweep);
  fmt::print("{} points, {} runs{}\n", sweep.points().size(), sweep.total(),
             sweep.spec().until ? ", more where the stop rule asks" : "");
  if (!sweep.points().empty()) {
    fmt::print("{}", pilot_estimate(sweep, files.base, batch));
  }
  return kDone;
}

int finish(const Sweep& sweep, int signal, bool plots) {
  write_results(sweep);
  for (const std::string& problem : plots && signal == 0 ? draw_sweep(sweep) : std::vector<std::string>{}) {
    std::cerr << "gbsim: plots: " << problem << '\n';
  }
  fmt::print("{} points, {} runs, {} failed\n", sweep.points().size(), sweep.done(), sweep.failed());
  fmt::print("results: {}\n", sweep.place().dir.string());
  if (signal != 0) {
    fmt::print(stderr, "gbsim: interrupted; the same command with --resume goes on\n");
    return 128 + signal;
  }
  return sweep.done() > 0 && sweep.failed() == sweep.done() ? kFailed : kDone;
}

int write_commands(Sweep& sweep, const BatchOptions& batch) {
  const fs::path file = sweep.place().dir / "commands.txt";
  write_atomically(file, commands_text(sweep, batch.gbsim, batch.limits));
  write_results(sweep);
  fmt::print("commands: {}\n", file.string());
  return kDone;
}

int run_here(Sweep& sweep, const BatchOptions& batch, const OptionParser& options) {
  Watcher watcher(sweep, options.has("quiet"));
  const int signal = run_batch(sweep, batch, watcher);
  watcher.end();
  return finish(sweep, signal, !options.has("no-plots"));
}

int sweep_in_dir(const OptionParser& options, Sweep& sweep, const SweepFiles& files) {
  const bool resume = options.has("resume");
  const std::string engine = engine_of(options);
  if (resume) {
    check_sweep_dir(sweep, files);
  } else {
    create_sweep_dir(sweep, files, options.has("force"));
  }
  const DirLock lock(sweep.place().dir);
  if (resume) {
    sweep.take_recorded();
  }
  const BatchOptions batch = batch_options(options);
  return engine == "commands" ? write_commands(sweep, batch) : run_here(sweep, batch, options);
}

}  // namespace

SettingsCheck settings_check() {
  return [](const fs::path& base, const std::vector<std::string>& settings) -> std::optional<std::string> {
    const WorkloadCatalog models;
    const ReadResult read = read_scenario(base, ReadOptions{models, workload_dirs(base), overrides_from(settings)});
    return read.errors.empty() ? std::nullopt : std::optional(to_string(read.errors.front()));
  };
}

int run_sweep(Arguments arguments) {
  OptionParser options("sweep", "SWEEP.yaml");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  engine_of(options);
  const BatchOptions batch = batch_options(options);
  Diagnostics errors;
  const auto spec = read_sweep(options.operand(), settings_check(), errors);
  print_errors(errors);
  const auto scenario = spec ? read_checked(spec->base.string(), spec->settings) : std::nullopt;
  if (!scenario) {
    return kBadInput;
  }
  const std::string dir = options.has("output") ? options.text("output") : fmt::format("results/{}-sweep", spec->name);
  Sweep sweep(*spec, {dir, scenario->seed, scenario->machine.memory});
  const SweepFiles files{write_scenario(*scenario), content(options.operand())};
  if (options.has("dry-run")) {
    return dry_run(sweep, files, batch);
  }
  try {
    return sweep_in_dir(options, sweep, files);
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
}

}  // namespace gbsim::cli
