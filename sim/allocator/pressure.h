// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/allocator/page_request.h"
#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/zone.h"
#include "sim/reclaim/compact_types.h"

namespace gbsim {

/**
 * What the slow path asks of the rest of memory management. Faked in tests; the oracle's stubs reclaim nothing.
 * All work is charged to the meter of whoever runs.
 */
class PressureRelief {
 public:
  virtual ~PressureRelief() = default;
  /** kswapd of @zone's node is asked for @order with @highest_zone in mind; it runs later. */
  virtual void wake_kswapd(Zone& zone, const PageRequest& request) = 0;
  /** kcompactd of the node is asked for @order. */
  virtual void wake_kcompactd(NodeId node, Order order) = 0;
  /** Pages freed by direct reclaim for @request; 0 when nothing could be. */
  virtual NrPages direct_reclaim(const PageRequest& request) = 0;
  /** One direct compaction over the zones of the request. */
  virtual CompactOutcome direct_compact(const PageRequest& request, CompactPriority priority) = 0;
  /** The raw block that the last direct compaction kept for its caller, if it caught one. */
  virtual Maybe<Pfn> take_captured() { return std::nullopt; }
  /** A block of @order at @pfn was had thanks to compaction: its zone need not defer any more. */
  virtual void compaction_paid_off(Pfn /*pfn*/, Order /*order*/) {}
  /** Makes room in tainted gigablocks before @request taints another; true if anything was moved. */
  virtual bool evacuate_tainted(const PageRequest& /*request*/) { return false; }
  /** Where non-movable memory is confined: its region grows for @request, which found no room in it. */
  virtual bool grow_region(const PageRequest& /*request*/) { return false; }
  /** Kills the largest process; false if there is none. */
  virtual bool oom_kill(const PageRequest& request) = 0;
  /** Pages reclaim could still free on @node, for the "should we retry" question. */
  virtual NrPages reclaimable_pages(NodeId node) const = 0;
  /** The same for one zone: zone_reclaimable_pages(). */
  virtual NrPages reclaimable_in(const Zone& zone) const { return reclaimable_pages(zone.node()); }
  /** Whoever allocates is itself relieving memory: it must not do so again (PF_MEMALLOC). */
  virtual bool is_relieving() const { return false; }
};

}  // namespace gbsim
