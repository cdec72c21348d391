// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/pcp_buddy.h"
#include "sim/mm/trace.h"

namespace gbsim {

/** Whose time work was done in. The names are keys of summary.json's cpu_seconds. */
enum class CpuUser : std::uint8_t {
  workload,
  kswapd,
  kcompactd,
  gigablock_defrag,
  direct_reclaim,
  direct_compaction,
  khugepaged,
  other,  // writeback, per-CPU ticks, what operators do
  kcount
};

inline constexpr std::size_t kNrCpuUsers = static_cast<std::size_t>(CpuUser::kcount);

/** The key of @user, such as "kswapd". */
std::string_view name(CpuUser user);

/** Simulated CPU time by user. */
struct CpuTimes {
  std::array<Ns, kNrCpuUsers> time{};

  Ns& operator[](CpuUser user) { return time[static_cast<std::size_t>(user)]; }

  Ns operator[](CpuUser user) const { return time[static_cast<std::size_t>(user)]; }
};

/** "claim", "steal" or "pollute". */
std::string_view name(ExtfragAction action);

/** One line of /proc/vmstat. @name has static storage. */
struct VmstatValue {
  std::string_view name;
  std::uint64_t value = 0;
};

/** A line that goes up and down, such as nr_dirty; the others only grow. */
bool is_vmstat_state(std::string_view name);

/** The value called @name, zero if there is none. */
std::uint64_t vmstat_value(std::span<const VmstatValue> values, std::string_view name);

/** Calls of alloc_pages() for one order. */
struct OrderCount {
  std::uint64_t attempts = 0;
  std::uint64_t failures = 0;
};

/** How hard a placement looked for a gigablock. Zero for placements that keep no index. */
struct SearchCounts {
  std::uint64_t picks = 0;
  std::uint64_t gigablocks_examined = 0;
  std::uint64_t bitmap_words = 0;
  std::uint64_t bitmap_flips = 0;
  std::uint64_t false_positives = 0;
  std::vector<std::pair<std::string, std::uint64_t>> steps{};  // rows of the placement's table, how often each decided
};

/** How far boundaries between kernel and movable memory moved, in base pages. Zero where there are none. */
struct RegionCounts {
  std::uint64_t pages_grown = 0;
  std::uint64_t pages_shrunk = 0;
  std::uint64_t pages_migrated = 0;
  std::uint64_t grown_for_request = 0;  // moves that an allocation had to make itself
  std::uint64_t stuck = 0;              // moves that failed
};

/** 1 GiB requests of the run. */
struct HugepageCounts {
  std::uint64_t requested = 0;
  std::uint64_t allocated = 0;
  std::uint64_t pages_migrated = 0;
  std::uint64_t from_pool = 0;  // of those allocated: reserved at boot
  std::uint64_t from_cma = 0;   // of those allocated: out of areas that movable memory may use meanwhile
  std::uint64_t split = 0;
  std::vector<VmstatValue> ranges_refused{};  // by reason; many a request
};

/** Everything that only grows. Cumulative since boot as taken; relative to a baseline once subtracted. */
struct Counters {
  std::uint64_t allocs = 0;        // calls
  std::uint64_t frees = 0;         // calls
  std::uint64_t page_allocs = 0;   // base pages
  std::uint64_t page_frees = 0;    // base pages
  std::uint64_t failures = 0;      // calls
  std::vector<OrderCount> orders;  // by order
  CpuTimes cpu;
  ExtfragCounts extfrag;
  HugepageCounts hugepages_1g;
  SearchCounts search;
  std::uint64_t zone_locks = 0;    // acquisitions of zone->lock, all zones
  PcpBuddyCounts pcp_buddy;        // all zones; zero where CPUs own no pageblocks
  RegionCounts region;
  std::vector<VmstatValue> gigablock_work;  // by the defrag worker and before taints, by name
  std::vector<VmstatValue> vmstat;  // in the kernel's order; states (nr_free_pages, ...) stay absolute
};

/** What happened after @baseline was taken. Requires: @now was taken later from the same run. */
Counters since(const Counters& now, const Counters& baseline);

}  // namespace gbsim
