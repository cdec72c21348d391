// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/demand/run_sketch.h"

namespace gbsim {

/** A stretch of time with one rate and one law of lives. */
struct FittedPhase {
  Ns lasts{0};
  double allocations_per_second = 0;
  std::vector<Ns> life{};  // quantiles at equal steps; none if nothing arrives,
  std::vector<Ns> ends{};  // or if times of death, since the beginning, tell more
};

/** When neighbouring cells become one phase. */
struct PhaseRules {
  double tolerance_pages = 0;  // they differ by less
  std::uint64_t block_pages = 1;
  std::vector<unsigned> cuts{};  // cells at which a phase begins in any case
};

/** Phases of the recording for one class: cells, merged while that moves fewer pages than @rules tolerate. */
std::vector<FittedPhase> find_phases(const RunSketch& sketch, const PhaseRules& rules);

}  // namespace gbsim
