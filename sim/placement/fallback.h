// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/fallback_lists.h"
#include "sim/mm/zone.h"
#include "sim/placement/placement.h"

namespace gbsim {

/** Half of the pageblock is free or compatible with @type; 6.1 counts from @block if the zone begins within. */
bool mostly_compatible(const Zone& zone, Pfn block, Migratetype type);

/** Free pages of @block's pageblock may change lists: 6.12 wants all of it in the zone, 6.1 only its end. */
bool may_move_pageblock(const Zone& zone, Pfn block);

/** Smallest order at which a request without leave to mix pageblocks may fall back. */
inline Order least_claim_order(const Zone& zone, const PlacementRequest& request) {
  const Order pageblock = zone.orders().pageblock;
  return request.flags.has(AllocFlags::nofragment) && request.order < pageblock ? pageblock : request.order;
}

}  // namespace gbsim
