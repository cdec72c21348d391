// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/sweep/host_memory.h"
#include "sim/sweep/point_run.h"

namespace gbsim {

/** Where a batch takes its runs from, and whom it tells how they ended. */
class RunSource {
 public:
  virtual ~RunSource() = default;
  /** The next run to start; nullopt if there is none for now: the end of another may bring more. */
  virtual std::optional<PointRun> next() = 0;
  virtual void ended(const PointRun& run, const RunOutcome& outcome) = 0;
};

/** Hears how a batch goes, for people. */
class BatchWatcher {
 public:
  virtual ~BatchWatcher() = default;
  virtual void on_progress(std::size_t running) = 0;
  /** Something happened that is worth a line. */
  virtual void on_news(const std::string&) {}
};

/** How a batch is run. */
struct BatchOptions {
  std::filesystem::path gbsim{};  // program to run; empty: this very one, even if its file is replaced meanwhile
  unsigned jobs = 1;
  std::uint64_t memory = 0;  // bytes that all runs together may hold; 0: what the host has available
  RunLimits limits{};
  bool scheduled = false;  // somebody else started this program for its run, and knows why it was killed
};

/**
 * Runs everything that @source gives, each run in its own process, as many at once as @options allows. Returns the
 * signal that interrupted it, or 0. What was running then has left no outcome.
 */
int run_batch(RunSource& source, const BatchOptions& options, BatchWatcher& watcher);

/** Bytes that all runs of a batch together may hold: as given, or most of what the host has available. */
std::uint64_t batch_memory(const BatchOptions& options);

}  // namespace gbsim
