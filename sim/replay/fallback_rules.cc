// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/fallback_rules.h"

#include "sim/placement/fallback.h"
#include "sim/placement/linux.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

Choice choose(const Zone& zone, const PlacementRequest& request, PlacementMode from, bool avoids_mixing) {
  if (avoids_mixing) {
    PlacementRequest strict = request;
    strict.flags = request.flags.with(AllocFlags::nofragment);
    if (Choice choice = choose_linux(zone, strict, from); choice.placement) {
      return choice;
    }
  }
  return choose_linux(zone, request, from);
}

/** The page that comes out of a pageblock whose free pages all join the request's lists, which are empty. */
Pfn page_of_claim(const Zone& zone, Pfn inside, Order wanted) {
  const Pfn first = inside.align_down(zone.orders().pageblock);
  const Pfn until = first + zone.orders().pageblock.pages();
  Pfn best = inside;
  Order smallest = zone.orders().max.next();
  for (Pfn at = first; at < until;) {
    if (zone.slot(at).kind() != Slot::Kind::free) {
      at += NrPages{1};
      continue;
    }
    const Order order = zone.view(at).order;
    if (order >= wanted && order < smallest) {
      best = at;
      smallest = order;
    }
    at += order.pages();
  }
  return best;
}

bool changes_type(PlacementAction action) {
  return action == PlacementAction::claim_blocks || action == PlacementAction::claim_pageblock ||
         action == PlacementAction::move_blocks;
}

/** Free blocks of the pageblock, or the chunk alone, join the lists of @type; 6.1 does so before it takes a page. */
void move_to_own_lists(Zone& zone, const TraceEvent& event, const RecordedPages::FreeBlock& chunk) {
  const Order order = chunk.order;
  if (order >= zone.orders().pageblock) {
    zone.set_block_type(chunk.head, order, event.type);
    return zone.move_free_block(chunk.head, order, event.type);
  }
  if (!may_claim(zone, order, event.type) || !may_move_pageblock(zone, chunk.head)) {
    return zone.move_free_block(chunk.head, order, event.type);
  }
  zone.move_freepages(chunk.head, event.type);
  if (event.flag) {
    zone.set_pageblock_type(chunk.head, event.type);
  }
}

/** 6.12, after the fact: a claim of a mixed pageblock shows its page as taken off the request's own lists. */
void claim_pageblock(Zone& zone, const TraceEvent& event) {
  zone.move_freepages(event.pfn, event.type);
  zone.set_pageblock_type(event.pfn, event.type);
}

}  // namespace

FallbackDecision decide_fallback(const Zone& zone, Order order, Migratetype type, PlacementMode from,
                                 bool avoids_mixing) {
  const PlacementRequest request{order, type, AllocFlags{}};
  FallbackDecision decision;
  decision.own_list_empty = from > PlacementMode::normal || !zone.smallest_free(order, type);
  decision.placement = choose(zone, request, std::max(from, PlacementMode::claim), avoids_mixing).placement;
  if (!decision.placement) {
    return decision;
  }
  const Placement& placement = *decision.placement;
  const bool comes_out_of_block =
      placement.action == PlacementAction::claim_pageblock && zone.rules().claim_then_steal;
  decision.page = comes_out_of_block ? page_of_claim(zone, placement.block, order) : placement.block;
  decision.owned = changes_type(placement.action) || zone.pageblock(placement.block).type == type;
  return decision;
}

bool score_fallback(const FallbackDecision& ours, const TraceEvent& event, FallbackScore& score) {
  const bool same_source = ours.placement && ours.placement->found == event.fallback_order &&
                           ours.placement->list == event.fallback_type;
  const bool same_page = same_source && ours.page == event.pfn;
  const bool same_claim = ours.placement && ours.owned == event.flag;
  const bool same = ours.own_list_empty && same_page && same_claim;
  ++score.total;
  score.own_list_empty += ours.own_list_empty ? 1 : 0;
  score.same_order_and_type += same_source ? 1 : 0;
  score.same_page += same_page ? 1 : 0;
  score.same_claim += same_claim ? 1 : 0;
  score.same_decision += same ? 1 : 0;
  return same;
}

std::optional<TakenByEvent> follow_fallback(Zone& zone, const TraceEvent& event, bool was_locked,
                                            EventTally& corrections) {
  const auto chunk = RecordedPages::free_block_at(zone, event.pfn);
  if (!zone.rules().claim_then_steal) {
    if (chunk && chunk->head == event.pfn && chunk->order == event.fallback_order) {
      move_to_own_lists(zone, event, *chunk);
    } else {
      corrections.add("fallback_block_not_free");
    }
    return std::nullopt;
  }
  if (was_locked) {
    claim_pageblock(zone, event);
    return std::nullopt;
  }
  if (!chunk || chunk->head != event.pfn || chunk->order != event.fallback_order) {
    corrections.add("fallback_block_not_free");
    RecordedPages::seize(zone, event.pfn, event.order, event.type, false);
  } else if (event.flag && chunk->order >= zone.orders().pageblock) {
    zone.claim_block(event.pfn, chunk->order, event.order, event.type);
  } else {
    zone.take_block(event.pfn, chunk->order, event.order, chunk->list);
  }
  return TakenByEvent{event.pfn, event.order};
}

}  // namespace gbsim
