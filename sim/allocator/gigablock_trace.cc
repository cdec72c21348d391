// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gigablock_trace.h"

#include "sim/allocator/gfp_names.h"
#include "sim/allocator/page_allocator.h"
#include "sim/placement/gigablock.h"

namespace gbsim {

namespace {

tracepoint::ZoneRequest asked_of(const Zone& zone, const PlacementRequest& request) {
  return {zone.name(), request.order, request.type};
}

/** What tainted gigablocks have at this moment. */
tracepoint::AllocFallThrough fall_through(const Zone& zone, const PlacementRequest& request) {
  const GigablockIndex& index = *zone.gigablocks();
  tracepoint::AllocFallThrough point{
      asked_of(zone, request), request.flags, index.nr_in(GigablockCategory::tainted), 0, false, false, false};
  index.for_each(GigablockCategory::tainted, [&](GigablockId id) {
    const GigablockCounts& counts = index.counts(id);
    point.tainted_with_buddy += index.orders(id, request.type) >> request.order.value & 1U;
    point.saw_free_pages |= counts.free_pages != 0;
    point.saw_free_pageblock |= counts.free != 0;
    point.saw_below_reserve |= counts.free <= index.reserve(id);
    return true;
  });
  return point;
}

}  // namespace

void trace_choice(const Memory& memory, const Zone& zone, const PlacementRequest& request,
                  const PlacementPolicy& placement, const Choice& choice) {
  const std::string_view pass = choice.placement ? rfc_pass(choice.placement->step) : kNoPass;
  if (TracepointSink* sink = memory.frequent_tracepoints()) {
    sink->tracepoint(tracepoint::AllocWalk{asked_of(zone, request), request.flags, pass, choice.work.gigablocks});
  }
  TracepointSink* sink = memory.tracepoints();
  if (sink == nullptr) {
    return;
  }
  for (const ClaimRefusal& refusal : placement.refusals()) {
    sink->tracepoint(tracepoint::ClaimBlockRefused{refusal.block, request.type, refusal.label, refusal.reason});
  }
  if (request.type != Migratetype::movable && !stays_in_tainted(pass)) {
    sink->tracepoint(fall_through(zone, request));
  }
}

void trace_relax(const Memory& memory, const PageRequest& request, std::string_view step) {
  TracepointSink* sink = memory.tracepoints();
  if (sink == nullptr || step.empty()) {
    return;
  }
  const Zone& preferred = *memory.zonelist(request.node, highest_zone(request.gfp)).front();
  sink->tracepoint(tracepoint::AtomicRelax{{preferred.name(), request.order, request.gfp.migratetype()},
                                           gfp_text(request.gfp), step});
}

}  // namespace gbsim
