// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

#include "sim/engine/run_observer.h"

namespace gbsim::cli {

/** How a run's progress is shown to people. Nothing here may change what the run does. */
class ProgressDisplay {
 public:
  virtual ~ProgressDisplay() = default;
  virtual void show(const RunProgress& progress) = 0;
  /** Leaves the terminal on a fresh line. */
  virtual void end() = 0;
  /** Whether a look at memory is wanted, after show(). */
  virtual bool wants_glimpse() { return false; }
  virtual void glimpse(const Sample& /*sample*/) {}
};

/** Speeds by wall time since a run began. */
struct Pace {
  double simulated = 0;  // seconds since boot
  double simulated_per_second = 0;
  double page_operations_per_second = 0;
  double seconds_left = 0;

  static Pace of(const RunProgress& progress, std::chrono::steady_clock::time_point started);
};

}  // namespace gbsim::cli
