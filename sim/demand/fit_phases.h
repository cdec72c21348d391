// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <vector>

#include "sim/demand/demand_runs.h"

namespace gbsim {

/** A stretch of time with one rate and one law of lives. */
struct FittedPhase {
  Ns lasts{0};
  double allocations_per_second = 0;
  std::vector<Ns> life{};  // quantiles at equal steps
};

/** How finely time is cut. */
struct PhaseRules {
  Ns length{0};               // of the recording; what outlives it is taken to live so long
  unsigned cells = 32;
  double tolerance_pages = 0;  // neighbours that differ by less become one phase
  std::uint64_t block_pages = 1;
};

/**
 * Quantiles of the lives of @runs after their last birth, each run weighing as many allocations as it has: smallest,
 * largest, and more in between the more there are. Requires: not empty.
 */
std::vector<Ns> life_quantiles(std::span<const DemandRun> runs, Ns length);

/** Quantiles of the sizes of @runs, half a one up, since a draw is rounded down; one value if all are alike. */
std::vector<double> burst_quantiles(std::span<const DemandRun> runs);

/** Phases of the recording for one class: equal cells, merged while that moves fewer pages than the rules tolerate. */
std::vector<FittedPhase> find_phases(std::span<const DemandRun> runs, const PhaseRules& rules);

}  // namespace gbsim
