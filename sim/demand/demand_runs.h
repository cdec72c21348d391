// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/demand/recorded_demand.h"

namespace gbsim {

/** Allocations of one kind that came one after the other on one CPU and died at about the same time. */
struct DemandRun {
  Ns born{0};   // of the first, since the beginning of the recording
  Ns last{0};   // birth of the last
  Ns died{0};   // Ns::max(): they outlive the recording
  std::uint32_t count = 1;
  std::uint16_t kind = 0;

  bool outlives() const { return died == Ns::max(); }
};

/** How allocations are put together into runs. */
struct RunRules {
  bool cluster = true;                 // false: each allocation is a run of its own
  Ns cell{0};                          // a run lies in one cell of time
  std::uint64_t longest_pages = 512;   // so that one run more or less does not change a machine's free memory
  double alike = 0.05;                 // deaths this part of a life apart are at the same time
  Ns instant{100'000};                 // and so are deaths that lie this close
};

/**
 * The runs of @demand, by birth. @kind_of maps kinds of the recording to those that runs are told apart by.
 */
std::vector<DemandRun> find_runs(const RecordedDemand& demand, const std::vector<std::uint16_t>& kind_of,
                                 const RunRules& rules);

/** The same of old blocks: neighbours by pfn of one kind, which @kinds tells for each. */
std::vector<DemandRun> find_old_runs(const std::vector<OldBlock>& blocks, const std::vector<std::uint16_t>& kinds,
                                     Ns begin, const RunRules& rules);

}  // namespace gbsim
