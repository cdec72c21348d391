// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/allocator/page_request.h"
#include "sim/mm/memory.h"
#include "sim/placement/policy.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_pages.h"
#include "sim/replay/pcp_rearrangement.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/replay_counts.h"

namespace gbsim {

/**
 * Calls of the bulk allocator, which no event shows: they take single pages off the heads of per-CPU lists, and refill
 * these. What they hold is known (UntracedPages); when they came is told by calls that find such pages at a head, and
 * by list events of pages that nobody announces.
 */
class UnseenCalls {
 public:
  /** All outlive the object. */
  UnseenCalls(Memory& memory, PlacementPolicy& placement, const UntracedPages& untraced, ReplayCounts& counts);

  /** What such calls took, by @now, off the heads of the lists that @request would look at. */
  void take_held(const PageRequest& request, Ns now);
  /** Likewise of one list. */
  void take_held(Zone& zone, CpuId cpu, PcpKey key, Ns now);
  /** A zone_locked event: if it is of such a call's refill, our list is refilled too, and it returns true. */
  bool note_removal(const TraceEvent& event);

 private:
  /** The last unannounced page that a CPU's refill brought. */
  struct Burst {
    Ns last{0};
    Migratetype type = Migratetype::isolate;
  };

  void refill_unannounced(Zone& zone, const TraceEvent& event, PcpKey key);
  void extend_refill(Zone& zone, const TraceEvent& event);

  Memory& memory_;
  PlacementPolicy& placement_;
  const UntracedPages& untraced_;
  RecordedPages pages_;
  EventTally& skipped_;
  EventTally& corrections_;
  std::vector<Burst> bursts_;  // by CPU
};

}  // namespace gbsim
