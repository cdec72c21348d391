// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/linux.h"

namespace gbsim {

namespace {

/** CMA blocks hold half of what is free: movable requests go there first, so that they do not fill up last. */
bool cma_is_ample(const Zone& zone) { return zone.free_cma_pages() > zone.free_pages() / 2; }

Choice take_cma(const Zone& zone, const PlacementRequest& request) {
  if (!request.flags.has(AllocFlags::cma)) {
    return {};
  }
  const auto found = zone.smallest_free(request.order, Migratetype::cma);
  if (!found) {
    return {};
  }
  return {Placement{zone.first_free(*found, Migratetype::cma), *found, Migratetype::cma, PlacementAction::take,
                    PlacementMode::cma, "take_cma"}};
}

Choice take_ample_cma(const Zone& zone, const PlacementRequest& request) {
  return cma_is_ample(zone) ? take_cma(zone, request) : Choice{};
}

Placement fallback_block(const Zone& zone, Order order, Migratetype list, PlacementAction action) {
  return Placement{zone.first_free(order, list), order, list, action};
}

/** Whole blocks from the largest order down, as long as the request may claim; a mixed pageblock needs a majority. */
Choice claim(const Zone& zone, const PlacementRequest& request) {
  Choice choice;
  const Order least = least_claim_order(zone, request);
  for (unsigned value = zone.orders().max.value + 1U; value-- > least.value;) {
    const Order order{value};
    const auto list = fallback_list(zone, order, request.type);
    if (!list) {
      continue;
    }
    if (!may_claim(zone, order, request.type)) {
      break;
    }
    const Placement candidate = fallback_block(zone, order, *list, PlacementAction::claim_blocks);
    if (zone.pageblock(candidate.block).type == Migratetype::highatomic) {
      continue;
    }
    if (order >= zone.orders().pageblock) {
      choice.placement = candidate;
      return choice;
    }
    ++choice.boosts;
    if (may_move_pageblock(zone, candidate.block) && mostly_compatible(zone, candidate.block, request.type)) {
      choice.placement = candidate;
      choice.placement->action = PlacementAction::claim_pageblock;
      return choice;
    }
  }
  return choice;
}

/** The smallest block of another type that fits, and nothing but what is asked for. */
Choice steal(const Zone& zone, const PlacementRequest& request) {
  if (request.flags.has(AllocFlags::nofragment)) {
    return {};
  }
  for (Order order = request.order; order <= zone.orders().max; ++order) {
    if (const auto list = fallback_list(zone, order, request.type)) {
      return {fallback_block(zone, order, *list, PlacementAction::take)};
    }
  }
  return {};
}

std::optional<Placement> smallest_fallback(const Zone& zone, const PlacementRequest& request) {
  for (Order order = request.order; order <= zone.orders().max; ++order) {
    if (const auto list = fallback_list(zone, order, request.type)) {
      return fallback_block(zone, order, *list, PlacementAction::move_chunk);
    }
  }
  return std::nullopt;
}

/** The largest block of another type; small movable requests take the smallest instead. */
std::optional<Placement> fallback_candidate(const Zone& zone, const PlacementRequest& request) {
  const Order least = least_claim_order(zone, request);
  for (unsigned value = zone.orders().max.value + 1U; value-- > least.value;) {
    const Order order{value};
    const auto list = fallback_list(zone, order, request.type);
    if (!list) {
      continue;
    }
    const bool prefers_small = !may_claim(zone, order, request.type) && order > request.order;
    return prefers_small ? smallest_fallback(zone, request)
                         : fallback_block(zone, order, *list, PlacementAction::move_chunk);
  }
  return std::nullopt;
}

/** 6.1: free pages of the whole pageblock change lists in any case, its type only with a majority. */
Choice move_fallback(const Zone& zone, const PlacementRequest& request) {
  Choice choice{fallback_candidate(zone, request)};
  if (!choice.placement || zone.pageblock(choice.placement->block).type == Migratetype::highatomic) {
    return choice;
  }
  Placement& placement = *choice.placement;
  if (placement.found >= zone.orders().pageblock) {
    placement.action = PlacementAction::move_blocks;
    return choice;
  }
  ++choice.boosts;
  if (may_claim(zone, placement.found, request.type) && may_move_pageblock(zone, placement.block)) {
    placement.action = mostly_compatible(zone, placement.block, request.type) ? PlacementAction::claim_pageblock
                                                                              : PlacementAction::move_pageblock;
  }
  return choice;
}

/** In order of fragmentation risk. */
constexpr std::array kClaimStealSteps{
    PlacementStep{"take_own", PlacementMode::normal, take_own},
    PlacementStep{"take_cma", PlacementMode::cma, take_cma},
    PlacementStep{"claim", PlacementMode::claim, claim},
    PlacementStep{"steal", PlacementMode::steal, steal},
};

constexpr std::array kMoveSteps{
    PlacementStep{"take_own", PlacementMode::normal, take_own},
    PlacementStep{"take_cma", PlacementMode::cma, take_cma},
    PlacementStep{"move_fallback", PlacementMode::claim, move_fallback},
};

static_assert(std::ranges::is_sorted(kClaimStealSteps, {}, &PlacementStep::mode));
static_assert(std::ranges::is_sorted(kMoveSteps, {}, &PlacementStep::mode));

/** Where the search resumes within a refill: a claim restores the normal order, a steal or CMA take persists. */
constexpr PlacementMode next_mode(PlacementMode served) {
  return served == PlacementMode::claim ? PlacementMode::normal : served;
}

}  // namespace

std::span<const PlacementStep> linux_steps(const KernelRules& rules) {
  return rules.claim_then_steal ? std::span<const PlacementStep>{kClaimStealSteps}
                                : std::span<const PlacementStep>{kMoveSteps};
}

Choice choose_linux(const Zone& zone, const PlacementRequest& request, PlacementMode from) {
  if (request.flags.has(AllocFlags::cma)) {
    if (Choice ample = take_ample_cma(zone, request); ample.placement) {
      ample.placement->mode = from;
      return ample;
    }
  }
  unsigned boosts = 0;
  for (const PlacementStep& step : linux_steps(zone.rules())) {
    if (step.mode < from) {
      continue;
    }
    Choice choice = step.choose(zone, request);
    boosts += choice.boosts;
    if (choice.placement) {
      choice.boosts = boosts;
      choice.placement->mode = next_mode(step.mode);
      choice.placement->step = step.name;
      return choice;
    }
  }
  return Choice{std::nullopt, boosts};
}

}  // namespace gbsim
