// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/counters.h"

#include <algorithm>

#include "sim/base/check.h"

namespace gbsim {
namespace {

void subtract(CpuTimes& now, const CpuTimes& baseline) {
  for (std::size_t i = 0; i < kNrCpuUsers; ++i) {
    now.time[i] -= baseline.time[i];
  }
}

void subtract(ExtfragCounts& now, const ExtfragCounts& baseline) {
  now.fragmenting -= baseline.fragmenting;
  for (std::size_t action = 0; action < kNrExtfragActions; ++action) {
    for (std::size_t pair = 0; pair < kNrMigratetypes * kNrMigratetypes; ++pair) {
      const std::size_t wanted = pair / kNrMigratetypes;
      const std::size_t from = pair % kNrMigratetypes;
      now.events[action][wanted][from] -= baseline.events[action][wanted][from];
    }
  }
}

void subtract(std::vector<OrderCount>& now, const std::vector<OrderCount>& baseline) {
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    now[i].attempts -= baseline[i].attempts;
    now[i].failures -= baseline[i].failures;
  }
}

void subtract(HugepageCounts& now, const HugepageCounts& baseline) {
  now.requested -= baseline.requested;
  now.allocated -= baseline.allocated;
  now.pages_migrated -= baseline.pages_migrated;
  now.from_pool -= baseline.from_pool;
  now.from_cma -= baseline.from_cma;
  now.split -= baseline.split;
  for (std::size_t i = 0; i < baseline.ranges_refused.size(); ++i) {
    now.ranges_refused[i].value -= baseline.ranges_refused[i].value;
  }
}

void subtract(RegionCounts& now, const RegionCounts& baseline) {
  now.pages_grown -= baseline.pages_grown;
  now.pages_shrunk -= baseline.pages_shrunk;
  now.pages_migrated -= baseline.pages_migrated;
  now.grown_for_request -= baseline.grown_for_request;
  now.stuck -= baseline.stuck;
}

void subtract(SearchCounts& now, const SearchCounts& baseline) {
  now.picks -= baseline.picks;
  now.gigablocks_examined -= baseline.gigablocks_examined;
  now.bitmap_words -= baseline.bitmap_words;
  now.bitmap_flips -= baseline.bitmap_flips;
  now.false_positives -= baseline.false_positives;
  for (std::size_t i = 0; i < baseline.steps.size(); ++i) {
    now.steps[i].second -= baseline.steps[i].second;
  }
}

void subtract(std::vector<VmstatValue>& now, const std::vector<VmstatValue>& baseline) {
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    now[i].value -= is_vmstat_state(now[i].name) ? 0 : baseline[i].value;
  }
}

/** Lines called nr_ that count events nevertheless. */
constexpr std::array<std::string_view, 7> kGrowingStates{
    "nr_vmscan_write",      "nr_vmscan_immediate_reclaim", "nr_dirtied",          "nr_written",
    "nr_throttled_written", "nr_foll_pin_acquired",        "nr_foll_pin_released"};

}  // namespace

std::string_view name(CpuUser user) {
  constexpr std::array<std::string_view, kNrCpuUsers> names{"workload",         "kswapd",         "kcompactd",
                                                            "gigablock_defrag", "direct_reclaim", "direct_compaction",
                                                            "khugepaged",       "other"};
  return names[static_cast<std::size_t>(user)];
}

std::string_view name(ExtfragAction action) {
  constexpr std::array<std::string_view, kNrExtfragActions> names{"claim", "steal", "pollute"};
  return names[static_cast<std::size_t>(action)];
}

bool is_vmstat_state(std::string_view name) {
  const bool grows = std::ranges::find(kGrowingStates, name) != kGrowingStates.end();
  return name == "workingset_nodes" || (name.starts_with("nr_") && !grows);
}

std::uint64_t vmstat_value(std::span<const VmstatValue> values, std::string_view name) {
  for (const VmstatValue& each : values) {
    if (each.name == name) {
      return each.value;
    }
  }
  return 0;
}

Counters since(const Counters& now, const Counters& baseline) {
  GBSIM_CHECK(baseline.orders.size() <= now.orders.size());
  GBSIM_CHECK(baseline.vmstat.empty() || baseline.vmstat.size() == now.vmstat.size());
  Counters result = now;
  result.allocs -= baseline.allocs;
  result.frees -= baseline.frees;
  result.page_allocs -= baseline.page_allocs;
  result.page_frees -= baseline.page_frees;
  result.failures -= baseline.failures;
  subtract(result.orders, baseline.orders);
  subtract(result.cpu, baseline.cpu);
  subtract(result.extfrag, baseline.extfrag);
  subtract(result.hugepages_1g, baseline.hugepages_1g);
  subtract(result.search, baseline.search);
  result.zone_locks -= baseline.zone_locks;
  result.pcp_buddy -= baseline.pcp_buddy;
  subtract(result.region, baseline.region);
  subtract(result.gigablock_work, baseline.gigablock_work);
  subtract(result.vmstat, baseline.vmstat);
  return result;
}

}  // namespace gbsim
