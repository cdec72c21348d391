// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "sim/demand/recorded_demand.h"

namespace gbsim {

/** Allocations of one class that came one after the other on one CPU and died at about the same time. */
struct DemandRun {
  Ns born{0};   // of the first, since the beginning of the recording
  Ns last{0};   // birth of the last
  Ns died{0};   // Ns::max(): they outlive the recording
  std::uint32_t count = 1;
  std::uint16_t cls = 0;
  bool reclaimed = false;  // reclaim took them
  bool used = false;       // again, so that reclaim passed them over

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

/** Puts runs together; in memory is one for each class and CPU. */
class RunFinder {
 public:
  /** @found gets every run once it is complete. */
  RunFinder(const RunRules& rules, std::function<void(const DemandRun&)> found)
      : rules_(rules), found_(std::move(found)) {}

  /** By birth: a run of one allocation, of blocks of @pages, on @cpu. */
  void add(const DemandRun& next, unsigned cpu, std::uint64_t pages);
  /** What is still open is complete. */
  void finish();

 private:
  RunRules rules_;
  std::function<void(const DemandRun&)> found_;
  std::map<std::pair<std::uint16_t, unsigned>, DemandRun> open_;  // by class and CPU
};

/** The same of old blocks: neighbours by pfn of one class, which @classes tells for each. */
std::vector<DemandRun> find_old_runs(const std::vector<OldBlock>& blocks, const std::vector<std::uint16_t>& classes,
                                     Ns begin, const RunRules& rules);

}  // namespace gbsim
