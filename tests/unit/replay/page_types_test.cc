// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/page_types.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using test::toy_event;
using test::toy_page;

TEST_CASE("a page has its request's type from its allocation to its free") {
  PageTypes types;
  CHECK_FALSE(types.type_of(toy_page(9)));
  types.feed(toy_event(EventKind::alloc, 8, 1, Migratetype::reclaimable));
  CHECK(types.type_of(toy_page(9)) == Migratetype::reclaimable);
  types.feed(toy_event(EventKind::free, 9, 0, Migratetype::unmovable));
  CHECK(types.type_of(toy_page(8)) == Migratetype::reclaimable);
  CHECK_FALSE(types.type_of(toy_page(9)));
}

TEST_CASE("a failed allocation gives no page a type") {
  PageTypes types;
  TraceEvent failed = toy_event(EventKind::alloc, 0, 0, Migratetype::movable);
  failed.has_pfn = false;
  types.feed(failed);
  CHECK_FALSE(types.type_of(toy_page(0)));
}

TEST_CASE("contents that move take their type along, what is unknown stays so") {
  PageTypes types;
  types.feed(toy_event(EventKind::alloc, 8, 0, Migratetype::unmovable));
  TraceEvent move = toy_event(EventKind::migrate, 8, 0, Migratetype::movable);
  move.to = toy_page(20);
  types.feed(move);
  CHECK(types.type_of(toy_page(20)) == Migratetype::unmovable);
  move.pfn = toy_page(30);
  move.to = toy_page(31);
  types.feed(move);
  CHECK_FALSE(types.type_of(toy_page(31)));
}

TEST_CASE("pfns that no machine has are ignored") {
  PageTypes types;
  TraceEvent far = toy_event(EventKind::alloc, 0, 18, Migratetype::movable);
  far.pfn = Pfn{~std::uint64_t{0} - 5};
  types.feed(far);
  CHECK_FALSE(types.type_of(far.pfn));
}

TEST_CASE("pageblocks count pages by what they were asked for") {
  const KernelSnapshot snapshot = test::toy_snapshot("UM");
  PageTypes types;
  types.feed(toy_event(EventKind::alloc, 2, 0, Migratetype::movable));
  types.feed(toy_event(EventKind::alloc, 8, 2, Migratetype::reclaimable));
  const auto blocks = types.pageblocks(snapshot.zones[0]);
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].type == Migratetype::unmovable);
  CHECK(blocks[0].movable == 1);
  CHECK(blocks[1].type == Migratetype::movable);
  CHECK(blocks[1].reclaimable == 4);
}
