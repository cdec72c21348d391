// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/trace_text.h"

#include <fmt/format.h>

namespace gbsim {

namespace {

namespace tp = tracepoint;

/** vmemmap_base of x86-64 with four-level page tables and no KASLR, and sizeof(struct page). */
constexpr std::uint64_t kVmemmap = 0xffffea0000000000;
constexpr std::uint64_t kStructPage = 64;

std::string page_text(Pfn pfn) {
  return fmt::format("page={:#x} pfn={:#x}", kVmemmap + pfn.value * kStructPage, pfn.value);
}

TraceText text(const tp::Extfrag& point) {
  const ExtfragEvent& event = point.event;
  return {"mm_page_alloc_extfrag",
          fmt::format("{} alloc_order={} fallback_order={} pageblock_order={} alloc_migratetype={} "
                      "fallback_migratetype={} fragmenting={} change_ownership={}",
                      page_text(event.pfn), event.order.value,
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

// The kernel prints a request that failed with a null page and pfn 0.
TraceText text(const tp::PageAlloc& point) {
  return {"mm_page_alloc",
          fmt::format("{} order={} migratetype={} gfp_flags={}",
                      point.pfn ? page_text(*point.pfn) : "page=(nil) pfn=0x0", point.order.value, index(point.type),
                      point.gfp)};
}

TraceText text(const tp::PageFree& point) {
  return {"mm_page_free", fmt::format("{} order={}", page_text(point.pfn), point.order.value)};
}

TraceText text(const tp::PageZoneLocked& point) {
  return {"mm_page_alloc_zone_locked",
          fmt::format("{} order={} migratetype={} percpu_refill={}", page_text(point.pfn), point.order.value,
                      index(point.type), point.refill ? 1 : 0)};
}

TraceText text(const tp::PagePcpuDrain& point) {
  return {"mm_page_pcpu_drain",
          fmt::format("{} order={} migratetype={}", page_text(point.pfn), point.order.value, index(point.type))};
}

std::string asked_text(const tp::ZoneRequest& asked) {
  return fmt::format("zone={} order={} mt={}", asked.zone, asked.order.value, index(asked.type));
}

TraceText text(const tp::AllocWalk& point) {
  return {"spb_alloc_walk", fmt::format("{} alloc_flags={:#x} outcome={} n_spbs_visited={}", asked_text(point.asked),
                                        point.flags.value(), point.outcome, point.visited)};
}

TraceText text(const tp::PageblockTaint& point) {
  return {"spb_pb_taint", fmt::format("pfn={:#x} mt={} action={} first_or_last={}", point.pageblock.value,
                                      index(point.type), point.holds ? "SET" : "CLEAR", point.first_or_last ? 1 : 0)};
}

TraceText text(const tp::AllocFallThrough& point) {
  return {"spb_alloc_fall_through",
          fmt::format("{} alloc_flags={:#x} n_tainted={} n_tainted_with_buddy={} walk=[fp={:d} fpb={:d} below={:d}]",
                      asked_text(point.asked), point.flags.value(), point.tainted, point.tainted_with_buddy,
                      point.saw_free_pages, point.saw_free_pageblock, point.saw_below_reserve)};
}

TraceText text(const tp::ClaimBlockRefused& point) {
  return {"spb_claim_block_refused", fmt::format("pfn={:#x} start_mt={} block_mt={} reason={}", point.block.value,
                                                 index(point.wanted), index(point.label), point.reason)};
}

TraceText text(const tp::EvacuateForOrderDone& point) {
  return {"spb_evacuate_for_order_done", fmt::format("{} p1={} p2={} did_evac={:d}", asked_text(point.asked),
                                                     point.coalescing, point.claimable, point.moved)};
}

TraceText text(const tp::AtomicRelax& point) {
  return {"spb_alloc_atomic_relax", fmt::format("{} gfp={} step={}", asked_text(point.asked), point.gfp, point.step)};
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
