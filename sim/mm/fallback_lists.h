// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>

#include "sim/mm/zone.h"

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

}  // namespace gbsim
