// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/metrics/sample.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** What the run knows beside memory's own state. Counters are cumulative since boot. */
struct RunState {
  Ns time{0};  // since the end of warm-up
  CpuTimes cpu{};
  std::vector<OrderCount> orders{};  // calls of alloc_pages() by order
  std::uint64_t frees = 0;           // calls
  HugepageCounts hugepages_1g{};
  SearchCounts search{};
  RegionCounts region{};
  std::vector<VmstatValue> gigablock_work{};
  NrPages swap_used{};
  std::uint64_t pooled_1g = 0;  // 1 GiB pages of the boot-time pool that nobody holds
  std::optional<std::uint64_t> allocatable_1g{};  // by the census if absent
};

/** Turns memory into samples. Changes nothing but vmstat's states, which it brings up to date. */
class Sampler {
 public:
  /** @memory must outlive the sampler. */
  explicit Sampler(Memory& memory) : memory_(&memory) {}

  /** Counters of later samples are relative to now: the end of warm-up. */
  void set_baseline(const RunState& run);
  Sample take(const RunState& run) const;

 private:
  Counters counters(const RunState& run) const;

  Memory* memory_;
  Counters baseline_;
};

}  // namespace gbsim
