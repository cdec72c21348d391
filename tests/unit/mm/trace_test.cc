// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/trace.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("fallback events are counted by action and type pair") {
  ExtfragCounts counts;
  ExtfragEvent event{Pfn{1}, Order{0}, Order{3}, Migratetype::unmovable, Migratetype::movable};
  event.action = ExtfragAction::pollute;
  counts.add(event, Order{9});
  event.action = ExtfragAction::claim;
  event.fallback_order = Order{10};
  counts.add(event, Order{9});
  CHECK(counts.total() == 2);
  CHECK(counts.fragmenting == 1);
  CHECK(counts.unmovable_into_movable() == 2);
  CHECK(counts.count(ExtfragAction::pollute, Migratetype::unmovable, Migratetype::movable) == 1);
  CHECK(counts.count(ExtfragAction::pollute, Migratetype::movable, Migratetype::unmovable) == 0);
}
