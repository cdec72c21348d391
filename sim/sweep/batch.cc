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

/**
 * The signal by which somebody stopped the run, or 0. That is no outcome of it, whether or not this program is about
 * to be stopped too: who stops many processes reaches one after the other. SIGKILL counts where a scheduler is above.
 */
int stop_signal(const ProcessEnd& end, bool scheduled) {
  constexpr int kOfSignal = 128;  // what shells, and our runs, add to a signal to make a status of it
  const auto is = [&](int signal) {
    return (end.fate == ProcessFate::signalled && end.code == signal) ||
           (end.fate == ProcessFate::exited && end.code == kOfSignal + signal);
  };
  if (is(SIGTERM) || is(SIGINT)) {
    return is(SIGTERM) ? SIGTERM : SIGINT;
  }
  return scheduled && end.fate == ProcessFate::signalled && end.code == SIGKILL ? SIGKILL : 0;
}

/** The runs of one batch, in flight. */
class Batch {
 public:
  Batch(RunSource& source, const BatchOptions& options)
      : source_(source), options_(options), pool_({options.jobs, batch_memory(options)}) {}

  std::size_t running() const { return pool_.running(); }
  void start_what_fits();
  void wait();

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

void Batch::wait() {
  const auto end = pool_.wait(kTick);
  if (!end) {
    return;
  }
  const PointRun run = std::move(in_flight_.extract(end->id).mapped());
  if (const int signal = stop_signal(*end, options_.scheduled)) {
    return source_.ended(run, stopped_run(signal));
  }
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
    batch.wait();
  }
}

}  // namespace gbsim
