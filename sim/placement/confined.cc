// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/confined.h"

#include <array>

#include "sim/placement/fallback.h"

namespace gbsim {

namespace {

/** Failing hurts these more than a dry reserve: they may use what others must leave. */
bool may_use_reserve(const AllocFlags flags) {
  return flags.has(AllocFlags::min_reserve) || flags.has(AllocFlags::non_block) || flags.has(AllocFlags::oom) ||
         flags.has(AllocFlags::no_watermarks) || flags.has(AllocFlags::highatomic);
}

bool would_use_reserve(const Zone& zone, const PlacementRequest& request, const Tunables& tunables) {
  const auto mark = static_cast<double>(zone.watermarks().mark[static_cast<std::size_t>(Watermark::min)]);
  const auto reserve = static_cast<std::uint64_t>(mark * tunables.confined_reserve);
  return zone.free_confined().value < reserve + request.order.pages().value;
}

/** The lowest of the first few blocks of a list: farthest from the boundary, so that it can come down again. */
Pfn lowest_block(const Zone& zone, Order order, Migratetype list, unsigned looks) {
  Pfn lowest = zone.first_free(order, list);
  zone.for_each_free(order, list, [&](Pfn block) {
    lowest = std::min(lowest, block);
    return --looks > 0;
  });
  return lowest;
}

Choice take_smallest(const Zone& zone, const PlacementRequest& request, Migratetype list) {
  const auto found = zone.smallest_free(request.order, list);
  return found ? Choice{Placement{zone.first_free(*found, list), *found, list}} : Choice{};
}

Choice take_own(const Zone& zone, const PlacementRequest& request, const Tunables&) {
  return take_smallest(zone, request, request.type);
}

Choice take_cma(const Zone& zone, const PlacementRequest& request, const Tunables&) {
  return request.flags.has(AllocFlags::cma) ? take_smallest(zone, request, Migratetype::cma) : Choice{};
}

Choice take_lowest(const Zone& zone, const PlacementRequest& request, const Tunables& tunables) {
  Choice choice = take_smallest(zone, request, request.type);
  if (choice.placement) {
    choice.placement->block = lowest_block(zone, choice.placement->found, request.type, tunables.confined_looks);
  }
  return choice;
}

/** The region's other type; highatomic blocks are not for lending. */
Migratetype other_type(Migratetype type) {
  return type == Migratetype::reclaimable ? Migratetype::unmovable : Migratetype::reclaimable;
}

/** A pageblock of the region's other type, the emptiest there is, changes its type if half of it is free. */
Choice claim_other(const Zone& zone, const PlacementRequest& request, const Tunables&) {
  const Migratetype list = other_type(request.type);
  for (unsigned value = zone.orders().max.value + 1U; value-- > request.order.value;) {
    const Order order{value};
    if (!zone.has_free(order, list)) {
      continue;
    }
    const Pfn block = zone.first_free(order, list);
    if (order >= zone.orders().pageblock) {
      return {Placement{block, order, list, PlacementAction::claim_blocks}};
    }
    if (zone.spans_pageblock(block) && mostly_compatible(zone, block, request.type)) {
      return {Placement{block, order, list, PlacementAction::claim_pageblock}};
    }
  }
  return {};
}

/** Kernel memory of either kind may share a pageblock here: it is lost to movable memory in any case. */
Choice borrow_other(const Zone& zone, const PlacementRequest& request, const Tunables&) {
  return take_smallest(zone, request, other_type(request.type));
}

constexpr std::array kSteps{
    ConfinedStep{"take_movable", true, take_own},     ConfinedStep{"take_cma", true, take_cma},
    ConfinedStep{"take_lowest", false, take_lowest},  ConfinedStep{"claim_other", false, claim_other},
    ConfinedStep{"borrow_other", false, borrow_other},
};

}  // namespace

std::span<const ConfinedStep> confined_steps() { return kSteps; }

ConfinedPlacement::ConfinedPlacement(const Tunables& tunables) : tunables_(tunables) {
  for (const ConfinedStep& step : kSteps) {
    served_.push_back({step.name});
  }
}

bool ConfinedPlacement::must_wait(const Zone& zone, const PlacementRequest& request) const {
  return request.type != Migratetype::movable && !may_use_reserve(request.flags) &&
         would_use_reserve(zone, request, tunables_);
}

std::optional<Placement> ConfinedPlacement::choose_own(const Zone& zone, const PlacementRequest& request) {
  if (must_wait(zone, request)) {
    return std::nullopt;
  }
  const bool movable = request.type == Migratetype::movable;
  return (movable ? take_own(zone, request, tunables_) : take_lowest(zone, request, tunables_)).placement;
}

Choice ConfinedPlacement::choose(const Zone& zone, const PlacementRequest& request, PlacementMode) {
  const bool movable = request.type == Migratetype::movable;
  if (must_wait(zone, request)) {
    return {};
  }
  for (std::size_t i = 0; i < kSteps.size(); ++i) {
    if (kSteps[i].movable != movable) {
      continue;
    }
    Choice choice = kSteps[i].choose(zone, request, tunables_);
    if (choice.placement) {
      choice.placement->step = kSteps[i].name;
      ++served_[i].served;
      return choice;
    }
  }
  return {};
}

}  // namespace gbsim
