// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/trace_text.h"

#include <fmt/format.h>

namespace gbsim {

namespace {

namespace tp = tracepoint;

/** vmemmap_base of x86-64 with four-level page tables and no KASLR, and sizeof(struct page). */
constexpr std::uint64_t kVmemmap = 0xffffea0000000000;
constexpr std::uint64_t kStructPage = 64;

TraceText text(const tp::Extfrag& point) {
  const ExtfragEvent& event = point.event;
  return {"mm_page_alloc_extfrag",
          fmt::format("page={:#x} pfn={:#x} alloc_order={} fallback_order={} pageblock_order={} alloc_migratetype={} "
                      "fallback_migratetype={} fragmenting={} change_ownership={}",
                      kVmemmap + event.pfn.value * kStructPage, event.pfn.value, event.order.value,
                      event.fallback_order.value, point.pageblock.value, index(event.type), index(event.fallback),
                      event.fallback_order < point.pageblock ? 1 : 0, event.owned ? 1 : 0)};
}

TraceText text(const tp::KswapdWanted& point) {
  return {"mm_vmscan_wakeup_kswapd",
          fmt::format("nid={} order={} gfp_flags={}", point.node.value, point.order.value, point.gfp)};
}

TraceText text(const tp::KswapdWake& point) {
  return {"mm_vmscan_kswapd_wake", fmt::format("nid={} order={}", point.node.value, point.order.value)};
}

TraceText text(const tp::KswapdSleep& point) {
  return {"mm_vmscan_kswapd_sleep", fmt::format("nid={}", point.node.value)};
}

TraceText text(const tp::DirectReclaimBegin& point) {
  return {"mm_vmscan_direct_reclaim_begin", fmt::format("order={} gfp_flags={}", point.order.value, point.gfp)};
}

TraceText text(const tp::DirectReclaimEnd& point) {
  return {"mm_vmscan_direct_reclaim_end", fmt::format("nr_reclaimed={}", point.reclaimed.value)};
}

TraceText text(const tp::DirectCompactBegin& point) {
  return {"mm_compaction_try_to_compact_pages",
          fmt::format("order={} gfp_mask={} priority={}", point.order.value, point.gfp, point.priority)};
}

TraceText text(const tp::DirectCompactEnd& point) { return {"", fmt::format("status={}", point.status)}; }

TraceText text(const tp::CompactZoneRun& point) {
  const std::string where = fmt::format("zone_start={:#x} migrate_pfn={:#x} free_pfn={:#x} zone_end={:#x}, mode={}",
                                        point.zone_start.value, point.migrate.value, point.free.value,
                                        point.zone_end.value, point.sync ? "sync" : "async");
  return point.status ? TraceText{"mm_compaction_end", fmt::format("{} status={}", where, *point.status)}
                      : TraceText{"mm_compaction_begin", where};
}

TraceText text(const tp::CompactMigrate& point) {
  return {"mm_compaction_migratepages",
          fmt::format("nr_migrated={} nr_failed={}", point.migrated.value, point.failed.value)};
}

// Allocations of kernel threads may use every zone up to Normal; the kernel pads the name.
TraceText text(const tp::KcompactdWanted& point) {
  return {"mm_compaction_wakeup_kcompactd",
          fmt::format("nid={} order={} classzone_idx={:<8}", point.node.value, point.order.value, "Normal")};
}

TraceText text(const tp::KcompactdWake& point) {
  return {"mm_compaction_kcompactd_wake",
          fmt::format("nid={} order={} classzone_idx={:<8}", point.node.value, point.order.value, "Normal")};
}

TraceText text(const tp::KcompactdSleep& point) {
  return {"mm_compaction_kcompactd_sleep", fmt::format("nid={}", point.node.value)};
}

TraceText text(const tp::GigablockFiled& point) {
  return {"gigablock_filed", fmt::format("nid={} gigablock={} from={} to={} free_pages={} free_pageblocks={}",
                                         point.node.value, point.gigablock.value, point.from, point.to,
                                         point.free.value, point.free_pageblocks)};
}

TraceText text(const tp::GigablockDefrag& point) {
  return {"gigablock_defrag", fmt::format("nid={} gigablock={} pageblock_pfn={:#x} nr_migrated={} emptied={}",
                                          point.node.value, point.gigablock.value, point.pageblock.value,
                                          point.migrated.value, point.emptied ? 1 : 0)};
}

TraceText text(const tp::EvacuateBegin& point) {
  return {"gigablock_evacuate_begin", fmt::format("order={} gfp_flags={}", point.order.value, point.gfp)};
}

TraceText text(const tp::EvacuateEnd& point) {
  return {"gigablock_evacuate_end", fmt::format("moved={}", point.moved ? 1 : 0)};
}

TraceText text(const tp::GiganticBegin& point) {
  return {"gigantic_alloc_begin", fmt::format("nid={}", point.node.value)};
}

TraceText text(const tp::GiganticEnd& point) {
  const std::string pfn = point.pfn ? fmt::format("{:#x}", point.pfn->value) : "none";
  return {"gigantic_alloc_end", fmt::format("pfn={} nr_migrated={}", pfn, point.migrated.value)};
}

}  // namespace

TraceText trace_text(const Tracepoint& point) {
  return std::visit([](const auto& exact) { return text(exact); }, point);
}

}  // namespace gbsim
