// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recorded_demand.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::alloc;
using test::demand_of;
using test::freed;
using test::moved;
using test::ms;

TEST_CASE("an allocation lives from its alloc to its free, or outlives the recording") {
  const auto demand = demand_of({alloc(ms(1), 100), alloc(ms(2), 104, 2), freed(ms(5), 100)});
  const auto lives = test::lives_of(demand);
  REQUIRE(lives.size() == 2);
  CHECK(lives[0].died == ms(5));
  CHECK(lives[1].died == Ns::max());
  CHECK(demand.kinds.size() == 2);
  CHECK(demand.begin == ms(1));
  CHECK(demand.end == ms(5));
}

TEST_CASE("identity follows the contents through migration, and the emptied page's free is no death") {
  const auto demand = demand_of({alloc(ms(1), 100), moved(ms(2), 100, 200), freed(ms(2), 100), alloc(ms(3), 100),
                                 freed(ms(9), 200)});
  const auto lives = test::lives_of(demand);
  REQUIRE(lives.size() == 2);
  CHECK(lives[0].died == ms(9));
  CHECK(lives[1].died == Ns::max());
  CHECK(demand.old_blocks.empty());
  CHECK(demand.left_out.counts().empty());
}

TEST_CASE("a huge page freed in parts dies with the last of them") {
  const auto demand = demand_of({alloc(ms(1), 8, 2), freed(ms(2), 9), freed(ms(3), 8), freed(ms(4), 10, 1)});
  CHECK(test::lives_of(demand)[0].died == ms(4));
  CHECK(demand.old_blocks.empty());
}

TEST_CASE("a page first heard of when it is freed was there before, a later one was not announced") {
  const auto demand = demand_of({freed(ms(1), 7, 1), alloc(ms(2), 7), freed(ms(3), 7), freed(ms(4), 7)});
  REQUIRE(demand.old_blocks.size() == 1);
  CHECK(demand.old_blocks[0].order == Order{1});
  CHECK(demand.old_blocks[0].died == ms(1));
  CHECK(demand.left_out.counts().at("untraced_allocations") == 1);
}

TEST_CASE("an old page that migrates dies where it came to, known by where it was") {
  const auto demand = demand_of({moved(ms(1), 30, 40), freed(ms(1), 30), freed(ms(6), 40)});
  REQUIRE(demand.old_blocks.size() == 1);
  CHECK(demand.old_blocks[0].pfn == Pfn{30});
  CHECK(demand.old_blocks[0].died == ms(6));
}

TEST_CASE("what is no demand is counted, not swallowed") {
  TraceEvent failed = alloc(ms(1), 0);
  failed.has_pfn = false;
  const auto demand = demand_of({failed, alloc(ms(2), 0, 18), alloc(ms(3), 5), alloc(ms(4), 5)});
  CHECK(demand.left_out.counts().at("failed_allocations") == 1);
  CHECK(demand.left_out.counts().at("beyond_order_10") == 1);
  CHECK(demand.left_out.counts().at("untraced_frees") == 1);
  CHECK(test::lives_of(demand)[0].died == ms(4));
}

TEST_CASE("what something migrates onto ended unseen, and is not lost") {
  const auto demand = demand_of({alloc(ms(1), 5), alloc(ms(2), 9), moved(ms(4), 5, 9), freed(ms(6), 9)});
  const auto lives = test::lives_of(demand);
  REQUIRE(lives.size() == 2);
  CHECK(lives[0].died == ms(6));
  CHECK(lives[1].died == ms(4));
  CHECK(demand.left_out.counts().at("untraced_frees") == 1);
}

TEST_CASE("live blocks are those allocated and not freed") {
  DemandCollector collector;
  collector.add(alloc(ms(1), 100, 3, Migratetype::movable));
  collector.add(alloc(ms(1), 50));
  collector.add(freed(ms(2), 50));
  const auto live = collector.live();
  REQUIRE(live.size() == 1);
  CHECK(live[0].pfn == Pfn{100});
  CHECK(live[0].order == Order{3});
  CHECK(live[0].type == Migratetype::movable);
}

TEST_CASE("a page freed without an allocation was allocated when it left the free lists") {
  TraceEvent left = alloc(ms(2), 60, 0, Migratetype::movable);
  left.kind = EventKind::zone_locked;
  TraceEvent drained = left;
  drained.kind = EventKind::pcpu_drain;
  drained.pfn = Pfn{61};
  TraceEvent back = left;
  back.pfn = Pfn{61};
  const auto demand = demand_of({left, back, drained, freed(ms(9), 60), freed(ms(9), 61)});
  const auto lives = test::lives_of(demand);
  REQUIRE(lives.size() == 1);
  CHECK(lives[0].born == ms(2));
  CHECK(lives[0].died == ms(9));
  CHECK(demand.kinds[0].type == Migratetype::movable);
  CHECK(demand.left_out.counts().at("untraced_allocations") == 1);
}

TEST_CASE("an allocation without GFP bits is an ordinary one, of the type of the list that its page left") {
  TraceEvent left = alloc(ms(1), 60, 0, Migratetype::movable);
  left.kind = EventKind::zone_locked;
  TraceEvent untold = alloc(ms(1), 60);
  untold.gfp = 0;
  const auto demand = demand_of({left, untold, freed(ms(9), 60)});
  REQUIRE(demand.kinds.size() == 1);
  CHECK(demand.kinds[0].type == Migratetype::movable);
  CHECK((demand.kinds[0].gfp & 0xfff) == 0xcc0);
  CHECK(demand.counts[0] == 1);
  CHECK(demand.left_out.counts().empty());
}

TEST_CASE("page cache is movable, neither zeroed nor huge, and how much of it was freed is counted") {
  CHECK(is_page_cache({Order{2}, Migratetype::movable, 0x140cca}));
  CHECK_FALSE(is_page_cache({Order{0}, Migratetype::movable, 0x140dca}));
  CHECK_FALSE(is_page_cache({Order{9}, Migratetype::movable, 0x140cca}));
  CHECK_FALSE(is_page_cache({Order{0}, Migratetype::reclaimable, 0x140cca}));
  DemandCollector collector;
  collector.add(alloc(ms(1), 8, 2, Migratetype::movable));
  collector.add(alloc(ms(1), 20));
  collector.add(freed(ms(2), 8, 2));
  collector.add(freed(ms(2), 20));
  CHECK(collector.page_cache_freed() == NrPages{4});
}

TEST_CASE("huge pages of the pool try hard and are no anonymous memory, transparent ones do not") {
  const DemandKind pool{Order{9}, Migratetype::movable, 0x346cca};  // 6.1: GFP_HIGHUSER_MOVABLE|__GFP_RETRY_MAYFAIL|...
  const DemandKind transparent{Order{9}, Migratetype::movable, 0x3d20ca};
  CHECK(is_pool_page(pool));
  CHECK_FALSE(is_anon(pool));
  CHECK_FALSE(is_page_cache(pool));
  CHECK_FALSE(is_pool_page(transparent));
  CHECK(is_anon(transparent));
  CHECK_FALSE(is_pool_page({Order{0}, Migratetype::movable, 0x346cca}));
}

TEST_CASE("unmovable requests move if they ask as metadata of files does, or if one in twenty was seen to") {
  TraceEvent metadata = alloc(ms(0), 1);
  metadata.gfp = 0x8c40;  // GFP_NOFS|__GFP_NOFAIL
  CHECK(moves_anyway(demand_of({metadata}), 0));
  CHECK_FALSE(moves_anyway(demand_of({alloc(ms(0), 1)}), 0));
  CHECK_FALSE(moves_anyway(demand_of({alloc(ms(0), 1, 0, Migratetype::movable), test::moved(ms(1), 1, 9)}), 0));
  DemandCollector collector;
  collector.add(alloc(ms(0), 1));
  collector.add(test::moved(ms(0), 1, 9));
  for (std::uint64_t i = 0; i < 20; ++i) {
    collector.add(alloc(ms(1), 100 + i));
  }
  CHECK_FALSE(moves_anyway(collector.finish(), 0));
}

TEST_CASE("a 1 GiB page is among the live blocks, and its pages are no old blocks when they are freed") {
  constexpr std::uint64_t kGib = 1 << 18;
  DemandCollector collector;
  collector.add(alloc(ms(1), 5));
  test::isolate_gib(ms(2), 1, [&](const TraceEvent& event) { collector.add(event); });
  REQUIRE(collector.live().size() == 2);
  CHECK(collector.live()[1].order == kGiganticOrder);
  for (std::uint64_t page = 0; page < kGib; ++page) {
    collector.add(freed(ms(6), kGib + page));
  }
  const RecordedDemand demand = collector.finish();
  CHECK(demand.old_blocks.empty());
  REQUIRE(demand.gigantic.size() == 1);
  CHECK(demand.gigantic[0].died == ms(6));
  CHECK(demand.left_out.counts().empty());
}
