// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/trace.h"
#include "sim/mm/zone_spec.h"

/** Tracepoints: rare moments worth a line each. Those of the kernel carry the fields of include/trace/events. */
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
                 tracepoint::GigablockFiled, tracepoint::GigablockDefrag, tracepoint::EvacuateBegin,
                 tracepoint::EvacuateEnd, tracepoint::GiganticBegin, tracepoint::GiganticEnd>;

/** Listens to tracepoints of the whole machine, in the order in which they happen. */
class TracepointSink {
 public:
  virtual ~TracepointSink() = default;
  virtual void tracepoint(Tracepoint point) = 0;
};

}  // namespace gbsim
