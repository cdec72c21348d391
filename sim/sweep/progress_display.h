// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

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

/**
 * One display for many runs, on standard error: on a terminal a line that is redrawn, otherwise a line every ten
 * percent. Wall time is read here and nowhere that results come from.
 */
class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet);
  void show(const RunCounts& counts);
  /** Leaves the terminal on a fresh line. */
  void end();

 private:
  double seconds() const;

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::size_t next_tenth_ = 1;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_at_{};
};

}  // namespace gbsim
