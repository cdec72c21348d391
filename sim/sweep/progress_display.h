// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "sim/sweep/status_line.h"

namespace gbsim {

/** How far a set of runs is. @known counts runs that were done before this program started. */
struct RunCounts {
  std::size_t total = 0;
  std::size_t done = 0;
  std::size_t running = 0;
  std::size_t failed = 0;  // of those done
  std::size_t known = 0;   // of those done
};

/** "42s", "3m05s", "2h10m" */
std::string duration_text(double seconds);

/** "12/200 runs done, 2 running, 1 failed, 3m05s left" after @seconds of wall time; the time once it can be told. */
std::string progress_text(const RunCounts& counts, double seconds);

/** One status line for many runs. */
class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet) : line_(quiet) {}
  void show(const RunCounts& counts);
  /** Leaves the terminal on a fresh line. */
  void end() { line_.end(); }

 private:
  StatusLine line_;
};

}  // namespace gbsim
