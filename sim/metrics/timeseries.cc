// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/timeseries.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/base/text.h"

namespace gbsim {
namespace {

constexpr std::array kMainTypes{Migratetype::unmovable, Migratetype::movable, Migratetype::reclaimable};

constexpr std::array<std::pair<Migratetype, Migratetype>, 6> kFallbackPairs{{
    {Migratetype::unmovable, Migratetype::movable},
    {Migratetype::unmovable, Migratetype::reclaimable},
    {Migratetype::movable, Migratetype::unmovable},
    {Migratetype::movable, Migratetype::reclaimable},
    {Migratetype::reclaimable, Migratetype::unmovable},
    {Migratetype::reclaimable, Migratetype::movable},
}};

constexpr std::array<std::pair<LruList, std::string_view>, kNrLruLists> kLruColumns{{
    {LruList::inactive_anon, "inactive_anon_pages"},
    {LruList::active_anon, "active_anon_pages"},
    {LruList::inactive_file, "inactive_file_pages"},
    {LruList::active_file, "active_file_pages"},
}};

/** States of vmstat that time series repeat, so that pictures of memory need one file. */
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kVmstatColumns{{
    {"nr_slab_reclaimable", "slab_reclaimable_pages"},
    {"nr_slab_unreclaimable", "slab_unreclaimable_pages"},
    {"nr_page_table_pages", "page_table_pages"},
    {"nr_dirty", "dirty_pages"},
    {"nr_writeback", "writeback_pages"},
}};

void add_memory(CsvLine& line, const Sample& sample) {
  NrPages managed, pcp;
  for (const ZoneSample& zone : sample.zones) {
    managed += zone.managed;
    pcp += zone.pcp;
  }
  line.add("managed_pages", managed);
  line.add("free_pages", sample.free_pages());
  line.add("pcp_pages", pcp);
  for (const auto& [list, column] : kLruColumns) {
    line.add(column, sample.lru[static_cast<std::size_t>(list)]);
  }
  line.add("movable_pages", sample.pageblocks.movable);
  line.add("unmovable_pages", sample.pageblocks.unmovable);
  line.add("reclaimable_pages", sample.pageblocks.reclaimable);
  line.add("pinned_pages", sample.pageblocks.pinned);
  for (const auto& [name, column] : kVmstatColumns) {
    line.add(column, vmstat_value(sample.counters.vmstat, name));
  }
  line.add("swap_used_pages", sample.swap_used);
}

void add_zones(CsvLine& line, const Sample& sample) {
  for (const ZoneSample& zone : sample.zones) {
    const std::string prefix = fmt::format("node{}_{}_", zone.node.value, lower_case(zone.name));
    line.add(prefix + "free_pages", zone.free);
    line.add(prefix + "min_pages", zone.min);
    line.add(prefix + "low_pages", zone.low);
    line.add(prefix + "high_pages", zone.high);
    line.add(prefix + "boost_pages", zone.boost);
  }
}

void add_free_blocks(CsvLine& line, const Sample& sample) {
  for (unsigned o = 0; o < sample.nr_orders(); ++o) {
    line.add(fmt::format("free_blocks_o{}", o), sample.free_blocks(Order{o}));
  }
  for (const Migratetype type : kMainTypes) {
    for (unsigned o = 0; o < sample.nr_orders(); ++o) {
      line.add(fmt::format("free_{}_o{}", lower_case(name(type)), o), sample.free_blocks(Order{o}, type));
    }
  }
}

void add_fragmentation(CsvLine& line, const Sample& sample) {
  line.add_ratio("unusable_index_4", sample.fragmentation.unusable_4);
  line.add_ratio("unusable_index_9", sample.fragmentation.unusable_9);
  line.add_ratio("unusable_index_18", sample.fragmentation.unusable_18);
  line.add_ratio("extfrag_index_4", sample.fragmentation.extfrag_4);
  line.add_ratio("extfrag_index_9", sample.fragmentation.extfrag_9);
  line.add("pageblocks", sample.pageblocks.total);
  line.add("free_pageblocks", sample.pageblocks.free);
  line.add("mixed_pageblocks", sample.pageblocks.mixed);
  line.add("pageblocks_with_unmovable", sample.pageblocks.with_unmovable);
  for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
    std::uint64_t blocks = 0;
    for (const ZoneSample& zone : sample.zones) {
      blocks += zone.pageblocks[type];
    }
    line.add("pageblocks_" + lower_case(name(static_cast<Migratetype>(type))), blocks);
  }
}

void add_gigablocks(CsvLine& line, const Sample& sample) {
  line.add("gigablocks", sample.whole_gigablocks());
  for (std::size_t i = 0; i < kNrGigablockStates; ++i) {
    const auto state = static_cast<GigablockState>(i);
    line.add(fmt::format("gigablocks_{}", name(state)), sample.gigablocks_in(state));
  }
  line.add("allocatable_1g", sample.allocatable_1g);
}

void add_operations(CsvLine& line, const Counters& counters) {
  line.add("allocs", counters.allocs);
  line.add("frees", counters.frees);
  line.add("page_allocs", counters.page_allocs);
  line.add("page_frees", counters.page_frees);
  line.add("failures", counters.failures);
  for (std::size_t o = 0; o < counters.orders.size(); ++o) {
    line.add(fmt::format("attempts_o{}", o), counters.orders[o].attempts);
    line.add(fmt::format("failures_o{}", o), counters.orders[o].failures);
  }
  line.add("hugepages_1g_requested", counters.hugepages_1g.requested);
  line.add("hugepages_1g_allocated", counters.hugepages_1g.allocated);
}

void add_extfrag(CsvLine& line, const ExtfragCounts& extfrag) {
  line.add("extfrag_total", extfrag.total());
  for (std::size_t i = 0; i < kNrExtfragActions; ++i) {
    const auto action = static_cast<ExtfragAction>(i);
    line.add(fmt::format("extfrag_{}", name(action)), extfrag.total(action));
    for (const auto& [wanted, from] : kFallbackPairs) {
      line.add(fmt::format("extfrag_{}_{}_from_{}", name(action), lower_case(name(wanted)), lower_case(name(from))),
               extfrag.count(action, wanted, from));
    }
  }
}

void add_cpu(CsvLine& line, const CpuTimes& cpu) {
  for (std::size_t i = 0; i < kNrCpuUsers; ++i) {
    const auto user = static_cast<CpuUser>(i);
    line.add_seconds(fmt::format("cpu_{}_s", name(user)), cpu[user]);
  }
}

}  // namespace

std::string timeseries_line(const Sample& sample, CsvLine::Mode mode) {
  CsvLine line(mode);
  line.add_seconds("time_s", sample.time);
  add_memory(line, sample);
  add_zones(line, sample);
  add_free_blocks(line, sample);
  add_fragmentation(line, sample);
  add_gigablocks(line, sample);
  add_operations(line, sample.counters);
  line.add("thp_fault_alloc", vmstat_value(sample.counters.vmstat, "thp_fault_alloc"));
  line.add("thp_fault_fallback", vmstat_value(sample.counters.vmstat, "thp_fault_fallback"));
  add_extfrag(line, sample.counters.extfrag);
  add_cpu(line, sample.counters.cpu);
  return std::move(line).finish();
}

}  // namespace gbsim
