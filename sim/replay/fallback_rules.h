// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/mm/zone.h"
#include "sim/placement/placement.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/trace_event.h"

namespace gbsim {

/** What our placement would do for a request that its own lists may not serve. */
struct FallbackDecision {
  bool own_list_empty = false;             // as placement sees it: a refill that steals does not look there
  std::optional<Placement> placement{};    // nothing: the zone cannot serve the request
  Pfn page{};                              // what mm_page_alloc_extfrag would show
  bool owned = false;                      // the pageblock is of the request's type afterwards
};

/**
 * Our decision on a request of @order and @type, as `linux` placement takes it; @from remembers a steal earlier in the
 * same refill. Requests that may not mix pageblock types try that first, then again without the restriction.
 */
FallbackDecision decide_fallback(const Zone& zone, Order order, Migratetype type, PlacementMode from,
                                 bool avoids_mixing);

/** Adds the comparison of @ours with the recorded @event to @score; true if all of it agrees. */
bool score_fallback(const FallbackDecision& ours, const TraceEvent& event, FallbackScore& score);

/**
 * Carries out what the recorded @event says happened, up to the point where the page is taken off @type's own lists.
 * Returns the page and the list it has left if the event itself took one (6.12: steals, and claims of whole
 * pageblocks); nothing if a zone_locked event tells. @corrections counts where our lists had no such block.
 */
struct TakenByEvent {
  Pfn pfn;
  Order order;
};
std::optional<TakenByEvent> follow_fallback(Zone& zone, const TraceEvent& event, bool was_locked,
                                            EventTally& corrections);

}  // namespace gbsim
