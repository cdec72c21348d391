// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/fallback_check.h"

#include "sim/mm/fallback_lists.h"
#include "sim/placement/fallback.h"
#include "sim/placement/linux.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

bool changes_type(PlacementAction action) {
  return action == PlacementAction::claim_blocks || action == PlacementAction::claim_pageblock ||
         action == PlacementAction::move_blocks;
}

/** 6.1: what joins the request's lists, and whether the pageblock does. */
PlacementAction recorded_move(const Zone& zone, const TraceEvent& recorded) {
  if (recorded.fallback_order >= zone.orders().pageblock) {
    return PlacementAction::move_blocks;
  }
  if (!may_claim(zone, recorded.fallback_order, recorded.type) || !may_move_pageblock(zone, recorded.pfn)) {
    return PlacementAction::move_chunk;
  }
  return claims(recorded) ? PlacementAction::claim_pageblock : PlacementAction::move_pageblock;
}

PlacementAction recorded_take(const Zone& zone, const TraceEvent& recorded) {
  const bool whole = claims(recorded) && recorded.fallback_order >= zone.orders().pageblock;
  return whole ? PlacementAction::claim_blocks : PlacementAction::take;
}

/** What comes first off lists that are empty of @wanted once all free blocks of the pageblock of @inside join them. */
Pfn first_of_claim(const Zone& zone, Pfn inside, Order wanted) {
  const Pfn first = inside.align_down(zone.orders().pageblock);
  const Pfn until = first + zone.orders().pageblock.pages();
  Pfn best = inside;
  Order smallest = zone.orders().pageblock;
  for (Pfn at = first; at < until;) {
    if (!zone.slot(at).is_free()) {
      at += NrPages{1};
      continue;
    }
    const Order order = zone.page_map().order_of_free(zone.page(at));
    if (order >= wanted && order < smallest) {
      best = at;
      smallest = order;
    }
    at += order.pages();
  }
  return best;
}

}  // namespace

FallbackDecision decide_fallback(const Zone& zone, const TraceEvent& asked, PlacementMode mode) {
  FallbackDecision decision;
  decision.own_list_empty = mode > PlacementMode::normal || !zone.smallest_free(asked.order, asked.type);
  const PlacementRequest request{asked.order, asked.type};
  decision.placement = choose_linux(zone, request, std::max(mode, PlacementMode::claim)).placement;
  if (decision.placement) {
    const Placement& placement = *decision.placement;
    const bool names_page = placement.action == PlacementAction::claim_pageblock && zone.rules().fallback_takes_page;
    decision.page = names_page ? first_of_claim(zone, placement.block, asked.order) : placement.block;
    decision.owned = changes_type(placement.action) || zone.pageblock(placement.block).type == asked.type;
  }
  return decision;
}

FallbackVerdict compare(const FallbackDecision& ours, const TraceEvent& recorded) {
  FallbackVerdict verdict;
  verdict.own_list_empty = ours.own_list_empty;
  verdict.same_source = ours.placement && ours.placement->found == recorded.fallback_order &&
                        ours.placement->list == recorded.fallback_type;
  verdict.same_page = verdict.same_source && ours.page == recorded.pfn;
  verdict.same_claim = ours.placement && ours.owned == claims(recorded);
  return verdict;
}

void score_fallback(const FallbackVerdict& verdict, FallbackScore& score) {
  const auto count = [](bool right) { return right ? 1U : 0U; };
  ++score.total;
  score.own_list_empty += count(verdict.own_list_empty);
  score.same_order_and_type += count(verdict.same_source);
  score.same_page += count(verdict.same_page);
  score.same_claim += count(verdict.same_claim);
  score.same_decision += count(verdict.own_list_empty && verdict.same_action());
}

std::optional<Placement> recorded_fallback(const Zone& zone, const TraceEvent& recorded, bool after_removal) {
  if (recorded.fallback_order < recorded.order) {
    return std::nullopt;
  }
  Placement placement{recorded.pfn, recorded.fallback_order, recorded.fallback_type};
  if (after_removal) {
    placement.action = PlacementAction::claim_pageblock;
    return placement;
  }
  const auto block = RecordedPages::free_block_at(zone, recorded.pfn);
  if (!block || block->head != recorded.pfn || block->order != recorded.fallback_order) {
    return std::nullopt;
  }
  placement.list = block->list;
  placement.action =
      zone.rules().claim_then_steal ? recorded_take(zone, recorded) : recorded_move(zone, recorded);
  return placement;
}

bool move_for_fallback(Zone& zone, const Placement& placement, Order wanted, Migratetype type) {
  switch (placement.action) {
    case PlacementAction::take:
      zone.take_block(placement.block, placement.found, wanted, placement.list);
      return false;
    case PlacementAction::claim_blocks:
      zone.claim_block(placement.block, placement.found, wanted, type);
      return false;
    case PlacementAction::claim_pageblock:
      zone.move_freepages(placement.block, type);
      zone.set_pageblock_type(placement.block, type);
      return true;
    case PlacementAction::move_pageblock:
      zone.move_freepages(placement.block, type);
      return true;
    case PlacementAction::move_blocks:
      zone.set_block_type(placement.block, placement.found, type);
      [[fallthrough]];
    case PlacementAction::move_chunk:
      zone.move_free_block(placement.block, placement.found, type);
      return true;
  }
  return true;
}

}  // namespace gbsim
