// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/sweep_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/cli/batch_options.h"
#include "sim/cli/run_end.h"
#include "sim/metrics/output_file.h"
#include "sim/sweep/array_run.h"
#include "sim/sweep/progress_display.h"
#include "sim/sweep/result_store.h"
#include "sim/sweep/slurm_queue.h"
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
  void on_news(const std::string& news) override {
    display_.end();
    fmt::print(stderr, "gbsim: {}\n", news);
  }
  void end() { display_.end(); }

 private:
  const Sweep& sweep_;
  std::size_t known_;
  ProgressDisplay display_;
};

/** The engine asked for. Throws UsageError. */
std::string engine_of(const OptionParser& options) {
  constexpr std::array<std::string_view, 3> kEngines{"local", "slurm", "commands"};
  const std::string engine = options.text("engine");
  if (std::ranges::find(kEngines, engine) == kEngines.end()) {
    throw UsageError(fmt::format("--engine {}: allowed: {}", engine, fmt::join(kEngines, ", ")));
  }
  return engine;
}

SlurmQueue slurm_queue(const OptionParser& options) {
  SlurmOptions slurm;
  if (options.has("jobs")) {
    slurm.at_once = static_cast<unsigned>(options.number("jobs", 1));
  }
  if (options.has("sbatch")) {
    slurm.sbatch_words = po::split_unix(options.text("sbatch"));
  }
  return SlurmQueue(std::move(slurm));
}

/** Writes what is known, and says how it went; @goes_on is what somebody should know whom a signal stopped. */
int finish(const Sweep& sweep, int signal, bool plots, std::string_view goes_on) {
  write_results(sweep);
  const bool is_drawn = !plots || signal != 0 || report_plots(draw_sweep(sweep));
  fmt::print("{} points, {} runs, {} failed\n", sweep.points().size(), sweep.done(), sweep.failed());
  fmt::print("results: {}\n", sweep.place().dir.string());
  if (signal != 0) {
    fmt::print(stderr, "gbsim: interrupted; {}\n", goes_on);
    return interrupted_by(signal);
  }
  if (sweep.stopped() != 0) {
    fmt::print(stderr, "gbsim: runs stopped by somebody: {}; the same command with --resume does them\n",
               sweep.stopped());
    return kFailed;
  }
  const bool all_failed = sweep.done() > 0 && sweep.failed() == sweep.done();
  return all_failed || !is_drawn ? kFailed : kDone;
}

int write_commands(Sweep& sweep, const BatchOptions& batch) {
  const fs::path file = sweep.place().dir / "commands.txt";
  write_atomically(file, commands_text(sweep, own_program(), batch.limits));
  write_results(sweep);
  fmt::print("commands: {}\n", file.string());
  return kDone;
}

int run_here(Sweep& sweep, const BatchOptions& batch, const OptionParser& options) {
  Watcher watcher(sweep, options.has("quiet"));
  const int signal = run_batch(sweep, batch, watcher);
  watcher.end();
  return finish(sweep, signal, !options.has("no-plots"), "the same command with --resume goes on");
}

int run_on_slurm(Sweep& sweep, const BatchOptions& batch, const OptionParser& options) {
  SlurmQueue queue = slurm_queue(options);
  ArrayOptions arrays{.gbsim = own_program(), .dir = sweep.place().dir, .limits = batch.limits};
  arrays.division.runs_per_task = options.number("runs-per-task", 1);
  Watcher watcher(sweep, options.has("quiet"));
  const bool plots = !options.has("no-plots");
  try {
    const int signal = run_arrays(sweep, queue, arrays, watcher);
    watcher.end();
    return finish(sweep, signal, plots, "the Slurm job goes on; the same command with --resume collects it");
  } catch (const QueueError& error) {
    watcher.end();
    finish(sweep, 0, plots, "");
    fmt::print(stderr, "gbsim: Slurm: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace

void add_engine_options(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("engine", text()->default_value("local"),
                "local: here; slurm: a job array; commands: write commands.txt for GNU parallel, make or xargs, "
                "then --resume");
  options.add()("runs-per-task", text()->default_value("4"), "slurm: runs that a task of the array does in turn");
  options.add()("sbatch", text(), "slurm: further options of sbatch, such as '--partition=long --time=2:00:00'");
  add_batch_options(options);
}

void check_engine(const OptionParser& options) {
  const std::string problem = engine_of(options) == "slurm" ? slurm_problem() : "";
  if (!problem.empty()) {
    throw UsageError(fmt::format("--engine slurm: {}", problem));
  }
  options.number("runs-per-task", 1);
}

void refuse_beside_slurm(const fs::path& dir, const OptionParser& options) {
  const bool collects = options.has("resume") && engine_of(options) == "slurm";
  if (collects || !fs::exists(array_file(dir))) {
    return;
  }
  SlurmQueue queue = slurm_queue(options);
  if (const auto job = job_under_way(dir, queue)) {
    throw UsageError(fmt::format("{}: Slurm job {} works there; scancel it, or collect it with --resume --engine slurm "
                                 "(remove {} if it is gone)",
                                 dir.string(), *job, array_file(dir).string()));
  }
  fs::remove(array_file(dir));
}

int run_with_engine(Sweep& sweep, const OptionParser& options) {
  const std::string engine = engine_of(options);
  const BatchOptions batch = batch_options(options);
  if (engine == "commands") {
    return write_commands(sweep, batch);
  }
  return engine == "slurm" ? run_on_slurm(sweep, batch, options) : run_here(sweep, batch, options);
}

}  // namespace gbsim::cli
