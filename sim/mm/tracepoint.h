// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/alloc_flags.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/trace.h"
#include "sim/mm/zone_spec.h"

/**
 * Tracepoints: moments worth a line each. Those of the kernel carry the fields of include/trace/events; the spb_* of
 * the gigablock RFC those of its kmem.h (v2, patch 40).
 */
namespace gbsim::tracepoint {

/** mm_page_alloc_extfrag. @pageblock: the order below which a fallback fragments. */
struct Extfrag {
  ExtfragEvent event;
  Order pageblock;
};

/** mm_vmscan_wakeup_kswapd: an allocation finds memory short. @gfp: its flags as the kernel prints them. */
struct KswapdWanted {
  NodeId node;
  Order order;
  std::string gfp;
};

/** mm_vmscan_kswapd_wake: kswapd begins a round for @order. */
struct KswapdWake {
  NodeId node;
  Order order;
};

/** mm_vmscan_kswapd_sleep */
struct KswapdSleep {
  NodeId node;
};

/** mm_vmscan_direct_reclaim_begin */
struct DirectReclaimBegin {
  Order order;
  std::string gfp;
};

/** mm_vmscan_direct_reclaim_end */
struct DirectReclaimEnd {
  NrPages reclaimed;
};

/** mm_compaction_try_to_compact_pages: a direct compaction over the zones of a request; @priority 0 is thorough. */
struct DirectCompactBegin {
  Order order;
  std::string gfp;
  unsigned priority;
};

/** The end of what DirectCompactBegin began: the kernel has no event for it. @status: worst to best of its zones. */
struct DirectCompactEnd {
  std::string_view status;
};

/** mm_compaction_begin, and mm_compaction_end where @status is set: one zone. */
struct CompactZoneRun {
  Pfn zone_start, migrate, free, zone_end;
  bool sync;
  std::optional<std::string_view> status{};
};

/** mm_compaction_migratepages: one batch of base pages. */
struct CompactMigrate {
  NrPages migrated, failed;
};

/** mm_compaction_wakeup_kcompactd */
struct KcompactdWanted {
  NodeId node;
  Order order;
};

/** mm_compaction_kcompactd_wake */
struct KcompactdWake {
  NodeId node;
  Order order;
};

/** mm_compaction_kcompactd_sleep */
struct KcompactdSleep {
  NodeId node;
};

/** mm_page_alloc; no @pfn: it failed. One of those that sinks hear of only if they want the frequent ones. */
struct PageAlloc {
  Maybe<Pfn> pfn;
  Order order;
  Migratetype type;
  std::string gfp;
};

/** mm_page_free. Frequent. */
struct PageFree {
  Pfn pfn;
  Order order;
};

/** mm_page_alloc_zone_locked. Frequent. */
struct PageZoneLocked {
  Pfn pfn;
  Order order;
  Migratetype type;
  bool refill;
};

/** mm_page_pcpu_drain. Frequent. */
struct PagePcpuDrain {
  Pfn pfn;
  Order order;
  Migratetype type;
};

/** What is asked of one zone, as the RFC's tracepoints have it. */
struct ZoneRequest {
  std::string_view zone;
  Order order;
  Migratetype type;
};

/** spb_alloc_walk: a search for a gigablock ended. @outcome: the pass that served, or NO_PAGE. Frequent. */
struct AllocWalk {
  ZoneRequest asked;
  AllocFlags flags;
  std::string_view outcome;
  std::uint64_t visited;
};

/** spb_pb_taint: a pageblock begins or ceases to hold pages of a type. Frequent. */
struct PageblockTaint {
  Pfn pageblock;
  Migratetype type;
  bool holds;
  bool first_or_last;  // of its gigablock
};

/** spb_alloc_fall_through: no tainted gigablock served a non-movable request, and what they had at that moment. */
struct AllocFallThrough {
  ZoneRequest asked;
  AllocFlags flags;
  std::size_t tainted;
  std::size_t tainted_with_buddy;  // a block of the very order and type
  bool saw_free_pages;
  bool saw_free_pageblock;
  bool saw_below_reserve;
};

/** spb_claim_block_refused: a pageblock of @label could not become one of @wanted. */
struct ClaimBlockRefused {
  Pfn block;
  Migratetype wanted, label;
  std::string_view reason;
};

/** spb_evacuate_for_order_done: one zone; pageblocks tried in each phase. */
struct EvacuateForOrderDone {
  ZoneRequest asked;
  unsigned coalescing, claimable;
  bool moved;
};

/** spb_alloc_atomic_relax: what a request that cannot sleep is told once tainted gigablocks are exhausted. */
struct AtomicRelax {
  ZoneRequest asked;
  std::string gfp;
  std::string_view step;
};

/** A gigablock changed its category. Ours, as all below: no kernel has these. */
struct GigablockFiled {
  NodeId node;
  GigablockId gigablock;  // by physical address
  std::string_view from, to;
  NrPages free;
  std::uint32_t free_pageblocks;
};

/** One pageblock of a tainted gigablock, emptied or not, by the worker or for an allocation. */
struct GigablockDefrag {
  NodeId node;
  GigablockId gigablock;
  Pfn pageblock;
  NrPages migrated;
  bool emptied;
};

/** Evacuation on behalf of an allocation about to taint another gigablock. */
struct EvacuateBegin {
  Order order;
  std::string gfp;
};

/** The end of what EvacuateBegin began; whether it moved anything. */
struct EvacuateEnd {
  bool moved;
};

/** A request for one gigantic page. */
struct GiganticBegin {
  NodeId node;
};

/** Where the page is, if it could be had, and what was moved for it. */
struct GiganticEnd {
  Maybe<Pfn> pfn;
  NrPages migrated;
};

}  // namespace gbsim::tracepoint

namespace gbsim {

/** Any of them. */
using Tracepoint =
    std::variant<tracepoint::Extfrag, tracepoint::KswapdWanted, tracepoint::KswapdWake, tracepoint::KswapdSleep,
                 tracepoint::DirectReclaimBegin, tracepoint::DirectReclaimEnd, tracepoint::DirectCompactBegin,
                 tracepoint::DirectCompactEnd, tracepoint::CompactZoneRun, tracepoint::CompactMigrate,
                 tracepoint::KcompactdWanted, tracepoint::KcompactdWake, tracepoint::KcompactdSleep,
                 tracepoint::PageAlloc, tracepoint::PageFree, tracepoint::PageZoneLocked, tracepoint::PagePcpuDrain,
                 tracepoint::AllocWalk, tracepoint::PageblockTaint, tracepoint::AllocFallThrough,
                 tracepoint::ClaimBlockRefused, tracepoint::EvacuateForOrderDone, tracepoint::AtomicRelax,
                 tracepoint::GigablockFiled, tracepoint::GigablockDefrag, tracepoint::EvacuateBegin,
                 tracepoint::EvacuateEnd, tracepoint::GiganticBegin, tracepoint::GiganticEnd>;

/** Listens to tracepoints of the whole machine, in the order in which they happen. */
class TracepointSink {
 public:
  virtual ~TracepointSink() = default;
  virtual void tracepoint(Tracepoint point) = 0;
};

}  // namespace gbsim
