// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/page_map.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a slot says what it was given") {
  const Slot free = Slot::free_head(Migratetype::cma, 0xabcdefU);
  CHECK(free.kind() == Slot::Kind::free);
  CHECK(free.list() == Migratetype::cma);
  CHECK(free.position() == 0xabcdefU);
  const Slot raw = Slot::raw(Order{10}, Migratetype::reclaimable, true);
  CHECK(raw.kind() == Slot::Kind::raw);
  CHECK(raw.order() == Order{10});
  CHECK(raw.type() == Migratetype::reclaimable);
  CHECK(raw.migratable());
  CHECK(Slot::folio_head(12345).folio() == 12345);
  CHECK(Slot::pcp(Order{3}, Migratetype::movable).kind() == Slot::Kind::pcp);
  CHECK(Slot{}.kind() == Slot::Kind::none);
}

TEST_CASE("free bits of different blocks and orders are independent") {
  const ZoneOrders orders{Order{4}, Order{3}, Order{6}};
  PageMap map(256, orders);
  for (unsigned order = 0; order <= 4; ++order) {
    for (PageIndex page = 0; page < 256; page += 1U << order) {
      REQUIRE_FALSE(map.is_free_block(page, Order{order}));
      map.set_free_block(page, Order{order});
      REQUIRE(map.is_free_block(page, Order{order}));
      REQUIRE(map.order_of_free(page) == Order{order});
      map.clear_free_block(page, Order{order});
    }
  }
}

TEST_CASE("no two blocks share a free bit") {
  const ZoneOrders orders{Order{10}, Order{9}, Order{12}};
  constexpr PageIndex kPages = 1U << 12;
  PageMap map(kPages, orders);
  for (Order order{0}; order <= orders.max; ++order) {
    for (PageIndex page = 0; page < kPages; page += 1U << order.value) {
      REQUIRE_FALSE(map.is_free_block(page, order));
      map.set_free_block(page, order);
    }
  }
  for (Order order{0}; order <= orders.max; ++order) {
    for (PageIndex page = 0; page < kPages; page += 1U << order.value) {
      REQUIRE(map.is_free_block(page, order));
      map.clear_free_block(page, order);
    }
  }
}

TEST_CASE("whole pageblocks commit no slots but their first") {
  const ZoneOrders orders{};
  PageMap map(1U << 24, orders);
  for (PageIndex page = 0; page < map.size(); page += 512) {
    map.set_slot(page, Slot::raw(Order{9}, Migratetype::movable, true));
  }
  CHECK(map.committed_bytes() <= (4U << 20));
  CHECK(map.slot(512).order() == Order{9});
}
