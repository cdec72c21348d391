// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/batch.h"

#include <csignal>
#include <map>
#include <utility>

#include "sim/sweep/process_pool.h"
#include "sim/sweep/signal_watch.h"

namespace gbsim {
namespace {

constexpr std::chrono::milliseconds kTick{100};  // between looks at limits; ends of runs are noticed at once
constexpr std::uint64_t kShareOfHost = 10;       // one tenth of available memory is left to others

constexpr std::chrono::milliseconds kStopSpread{300};  // who stops a whole group does not reach all of it at once

/** Somebody asked the run to stop. */
bool was_stopped(const ProcessEnd& end) {
  constexpr int kOfSignal = 128;  // what shells, and our runs, add to a signal to make a status of it
  const auto is = [&](int signal) {
    return (end.fate == ProcessFate::signalled && end.code == signal) ||
           (end.fate == ProcessFate::exited && end.code == kOfSignal + signal);
  };
  return is(SIGTERM) || is(SIGINT);
}

/** The runs of one batch, in flight. */
class Batch {
 public:
  Batch(RunSource& source, const BatchOptions& options)
      : source_(source), options_(options), pool_({options.jobs, batch_memory(options)}) {}

  std::size_t running() const { return pool_.running(); }
  void start_what_fits();
  /** A run that ended because everything was asked to stop leaves no outcome. */
  void wait(const SignalWatch& signals);

 private:
  bool has_next();

  RunSource& source_;
  const BatchOptions& options_;
  ProcessPool pool_;
  MemoryEstimate estimate_;
  std::optional<PointRun> waiting_;
  std::map<std::size_t, PointRun> in_flight_;
  std::size_t started_ = 0;
};

bool Batch::has_next() {
  if (!waiting_) {
    waiting_ = source_.next();
  }
  return waiting_.has_value();
}

void Batch::start_what_fits() {
  while (pool_.running() < options_.jobs && has_next()) {
    const std::uint64_t estimate = estimate_.of(waiting_->simulated_memory);
    if (!pool_.has_room(estimate)) {
      return;
    }
    ProcessJob job = run_job(options_.gbsim, *waiting_, options_.limits);
    job.id = started_++;
    job.memory_estimate = estimate;
    pool_.start(job);
    in_flight_.emplace(job.id, std::move(*waiting_));
    waiting_.reset();
  }
}

void Batch::wait(const SignalWatch& signals) {
  const auto end = pool_.wait(kTick);
  if (!end) {
    return;
  }
  if (was_stopped(*end)) {
    signals.sleep(kStopSpread);
    if (signals.noted() != 0) {
      return;
    }
  }
  const PointRun run = std::move(in_flight_.extract(end->id).mapped());
  const RunOutcome outcome = settle_run(run, options_.limits, *end);
  const auto peak = outcome.summary ? outcome.summary->value("host.peak_rss_bytes") : std::nullopt;
  if (peak) {
    estimate_.learn(run.simulated_memory, static_cast<std::uint64_t>(*peak));
  }
  source_.ended(run, outcome);
}

}  // namespace

std::uint64_t batch_memory(const BatchOptions& options) {
  const std::uint64_t available = available_memory();
  return options.memory != 0 ? options.memory : available - available / kShareOfHost;
}

int run_batch(RunSource& source, const BatchOptions& options, BatchWatcher& watcher) {
  const SignalWatch signals;
  Batch batch(source, options);
  while (true) {
    batch.start_what_fits();
    watcher.on_progress(batch.running());
    if (batch.running() == 0 || signals.noted() != 0) {
      return signals.noted();
    }
    batch.wait(signals);
  }
}

}  // namespace gbsim
