// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/base/tunables.h"
#include "sim/base/types.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** Pages that let compaction make a block of @order: compact_gap(). */
constexpr NrPages compact_gap(Order order) { return order.pages() * 2; }

/** With @free pages, compaction of @zone for @order can isolate targets above @mark: __compaction_suitable(). */
bool has_room_to_compact(const Zone& zone, Order order, NrPages mark, ZoneType highest, NrPages free);

/** Compaction of @zone for @order has room above @mark, and fragmentation is the problem: compaction_suitable(). */
bool compaction_suitable(const Zone& zone, Order order, NrPages mark, ZoneType highest, const Tunables& tunables);

}  // namespace gbsim
