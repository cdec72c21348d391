// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

#include "sim/metrics/sample.h"
#include "sim/watch/screen_line.h"

namespace gbsim {

/** How far a run is and how fast, warm-up included. Speeds are by wall time: for the eye only. */
struct WatchProgress {
  double fraction = 0;                  // done, in [0, 1]
  Ns simulated{0};                      // since boot
  double simulated_per_second = 0;
  double page_operations_per_second = 0;
  double seconds_left = 0;
};

/** Simulated CPU time that was used between two instants of a run, as a share of one CPU. */
struct CpuShares {
  std::array<double, kNrCpuUsers> share{};
};

/** Zero where @now is not later than @before, or counts from another baseline. */
CpuShares cpu_shares(const CpuTimes& before, const CpuTimes& now, Ns elapsed);

/** One instant of a run. @sample's time is negative in the warm-up. */
struct WatchState {
  std::string title;
  WatchProgress progress;
  const Sample* sample = nullptr;
  CpuShares cpu;
};

/** The whole screen, at most @size: progress, free memory, daemons, buddyinfo, the map of gigablocks, keys. */
std::vector<ScreenLine> screen_lines(const WatchState& state, const ScreenSize& size);

}  // namespace gbsim
