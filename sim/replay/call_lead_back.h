// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/allocator/page_request.h"
#include "sim/mm/memory.h"
#include "sim/placement/policy.h"
#include "sim/recording/event_tally.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_pages.h"
#include "sim/replay/call_fallbacks.h"
#include "sim/replay/call_window.h"
#include "sim/replay/pcp_rearrangement.h"

namespace gbsim {

/** What else is known when a call has missed. All outlive whoever uses it. */
struct CallContext {
  Memory& memory;
  PlacementPolicy& placement;
  const UntracedPages& untraced;
  const CallWindow& window;         // calls to come
  const CallFallbacks& fallbacks;   // ours for the call
};

/**
 * How a memory finds back to the recording after a call got another page, from that page and the calls to come alone:
 * per-CPU lists are put into the order in which the recording uses them, refills that it refutes are undone and made
 * anew from the block that it shows. tests/kernel/README.md tells how well.
 */
class CallLeadBack {
 public:
  /** What was changed is counted in @corrections, by kind. */
  CallLeadBack(const CallContext& context, EventTally& corrections) : context_(context), corrections_(corrections) {}

  /** A call begins: what is later on a list that is empty now is its refill. */
  void begin(const PageRequest& request);
  /** As if the allocation that @event shows had not got @pfn: to the head of the list it came from. */
  void put_back(Pfn pfn, const TraceEvent& event);
  /** The call that @event shows got its page, in @zone, from where our call got @ours. */
  void lead_back(Zone& zone, const TraceEvent& event, Maybe<Pfn> ours);

 private:
  void find_list(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t brought);
  /** Ours of the last call, if it made one; how many blocks it had brought, the foretold one included. */
  std::size_t undo_refill(Zone& mine, const TraceEvent& event, PcpKey key);
  bool is_used_further(Zone& zone, const TraceEvent& event, PcpKey key) const;
  void refill_from(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t blocks);
  void rearrange(Zone& zone, const TraceEvent& event, PcpKey key);
  bool take_from_own_list(Zone& zone, const TraceEvent& event);
  void take_recorded(Zone& zone, const TraceEvent& event);
  CpuId cpu_of(const TraceEvent& event) const;

  CallContext context_;
  EventTally& corrections_;
  std::vector<const Zone*> found_empty_;
};

}  // namespace gbsim
