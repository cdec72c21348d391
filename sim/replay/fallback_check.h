// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/mm/zone.h"
#include "sim/placement/placement.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/replay_counts.h"

namespace gbsim {

/** What our placement decides for a request whose own lists the kernel found empty. */
struct FallbackDecision {
  bool own_list_empty = false;           // in our model too; a refill that steals does not look there
  std::optional<Placement> placement{};  // nothing: no list of another type can serve the request
  Pfn page{};                            // what the event would name
  bool owned = false;                    // the pageblock is of the request's type afterwards
};

/** How our decision compares with the recorded one. */
struct FallbackVerdict {
  bool own_list_empty = false;
  bool same_source = false;  // order and type of the list
  bool same_page = false;
  bool same_claim = false;

  /** It may be carried out. */
  bool same_action() const { return same_source && same_page && same_claim; }
};

/** Our decision on the request of the extfrag event @asked. @mode: steal once the present refill has stolen. */
FallbackDecision decide_fallback(const Zone& zone, const TraceEvent& asked, PlacementMode mode);

FallbackVerdict compare(const FallbackDecision& ours, const TraceEvent& recorded);

/** Adds one decision to @score. */
void score_fallback(const FallbackVerdict& verdict, FallbackScore& score);

/**
 * What the recorded event says happened, in terms of our lists; nothing if the block it names is not free there, or
 * is too small for the request. A claim of 6.12 below the pageblock's size (@after_removal) names the page that came
 * out: its pageblock is known.
 */
std::optional<Placement> recorded_fallback(const Zone& zone, const TraceEvent& recorded, bool after_removal);

/** Carries out a decision up to where the page is taken; true if it is still to come off @type's own lists. */
bool move_for_fallback(Zone& zone, const Placement& placement, Order wanted, Migratetype type);

}  // namespace gbsim
