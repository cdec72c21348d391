// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>

#include "sim/mm/zone.h"
#include "sim/placement/placement.h"

namespace gbsim {

/** Types to fall back to, in order of preference. Others have none. */
inline constexpr std::array<std::array<Migratetype, 2>, kNrPcpTypes> kFallbacks{{
    {Migratetype::reclaimable, Migratetype::movable},    // unmovable
    {Migratetype::reclaimable, Migratetype::unmovable},  // movable
    {Migratetype::unmovable, Migratetype::movable},      // reclaimable
}};

/** The fallback type whose list of exactly @order has a block. */
std::optional<Migratetype> fallback_list(const Zone& zone, Order order, Migratetype type);

/** A fallback of this order may take over the pageblock; small movable ones only take what they need. */
inline bool may_claim(const Zone& zone, Order order, Migratetype type) {
  return order.value >= zone.orders().pageblock.value / 2 || type != Migratetype::movable;
}

/** Half of the pageblock is free or compatible with @type. */
bool mostly_compatible(const Zone& zone, Pfn block, Migratetype type);

/** Smallest order at which a request without leave to mix pageblocks may fall back. */
inline Order least_claim_order(const Zone& zone, const PlacementRequest& request) {
  const Order pageblock = zone.orders().pageblock;
  return request.flags.has(AllocFlags::nofragment) && request.order < pageblock ? pageblock : request.order;
}

}  // namespace gbsim
