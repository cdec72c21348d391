// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/class_table.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::alloc;
using test::ms;

TEST_CASE("GFP bits take the shape that behaves most like them") {
  CHECK(nearest_shape(0xcc0) == "KERNEL");
  CHECK(nearest_shape(0x820) == "ATOMIC");
  CHECK(nearest_shape(0xc40) == "NOFS");
  CHECK(nearest_shape(0x1c20ca) == "TRANSHUGE_LIGHT");
  CHECK(nearest_shape(0x100cca) == "KERNEL");  // mobility aside
}

TEST_CASE("page cache, anonymous memory and the kernel's own are classes apart, on lists of their own") {
  TraceEvent anon = alloc(ms(1), 2, 0, Migratetype::movable);
  anon.gfp = 0x140dca;  // GFP_HIGHUSER_MOVABLE|__GFP_ZERO
  TraceEvent cache = alloc(ms(2), 3, 0, Migratetype::movable);
  cache.gfp = 0x140cca;
  const auto demand = test::demand_of({alloc(ms(0), 1), anon, cache});
  const ClassTable table(demand);
  REQUIRE(table.keys().size() == 3);
  CHECK(table.keys()[table.class_of(0)].lru == "none");
  CHECK(table.keys()[table.class_of(1)].lru == "inactive_anon");
  CHECK(table.keys()[table.class_of(2)].lru == kPageCacheList);
}

TEST_CASE("unmovable requests whose contents were seen to move are on an LRU list") {
  const auto demand = test::demand_of({alloc(ms(0), 1), alloc(ms(1), 512, 2), test::moved(ms(2), 1, 9)});
  const ClassTable table(demand);
  CHECK(table.keys()[table.class_of(0)].type == Migratetype::unmovable);
  CHECK(table.keys()[table.class_of(0)].lru == kPageCacheList);
  CHECK(table.keys()[table.class_of(1)].lru == "none");
}

TEST_CASE("rare kinds join the most frequent class of their order and type") {
  DemandCollector collector;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    collector.add(alloc(ms(0), i));
  }
  TraceEvent rare = alloc(ms(0), 5000);
  rare.gfp = 0x820;  // GFP_ATOMIC
  collector.add(rare);
  collector.add(alloc(ms(0), 8192, 3));
  const auto demand = collector.finish();
  const ClassTable table(demand);
  CHECK(table.class_of(1) == table.class_of(0));
  CHECK(table.class_of(2) != table.class_of(0));  // alone of its order
}

TEST_CASE("of what was there before only order and mobility are known") {
  CHECK(old_class_key(Order{2}, Migratetype::movable).lru == "inactive_anon");
  CHECK(old_class_key(Order{2}, Migratetype::reclaimable).gfp == "KERNEL");
}

TEST_CASE("huge pages of the pool are on no list of reclaim") {
  TraceEvent pool = alloc(ms(0), 512, 9, Migratetype::movable);
  pool.gfp = 0x346cca;  // GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_NOWARN|__GFP_RETRY_MAYFAIL|__GFP_THISNODE
  const auto demand = test::demand_of({pool});
  CHECK(ClassTable(demand).keys()[0].lru == "none");
}

TEST_CASE("what has been used again is on the active list of its kind") {
  CHECK(list_of_used(kPageCacheList) == "active_file");
  CHECK(list_of_used(kAnonList) == "active_anon");
  CHECK(list_of_used("none") == "none");
}
