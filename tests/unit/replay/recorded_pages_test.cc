// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_pages.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("seizing pages within a free block gives its other parts back") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 3, Migratetype::movable, {8});
  ToyReplayWorld world(snapshot);
  CHECK(RecordedPages::seize(world.zone(), toy_page(10), Order{0}, Migratetype::unmovable, false) == 1);
  CHECK(draw(world.zone(), world.memory->folios()) == "MMMMMMMM ..U.....");
  check_memory(*world.memory);
}

TEST_CASE("seizing a block takes all free blocks in it, however they lie") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, Migratetype::movable, {8, 11});
  add_free(snapshot, 1, Migratetype::movable, {12});
  ToyReplayWorld world(snapshot);
  CHECK(RecordedPages::seize(world.zone(), toy_page(8), Order{3}, Migratetype::unmovable, false) == 3);
  CHECK(draw(world.zone(), world.memory->folios()) == "MMMMMMMM UUUUUUUU");
  check_memory(*world.memory);
}

TEST_CASE("a part of an allocated block can be freed alone") {
  ToyReplayWorld world(toy_snapshot("MM"));
  RecordedPages::label(world.zone(), toy_page(0), Order{3}, Migratetype::unmovable, false);
  RecordedPages::unlabel(world.zone(), toy_page(2), Order{1});
  world.zone().free_block(toy_page(2), Order{1}, Migratetype::movable);
  CHECK(draw(world.zone(), world.memory->folios()) == "UU..UUUU MMMMMMMM");
  check_memory(*world.memory);
}

TEST_CASE("a page inside a free block is known by the block") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 2, Migratetype::reclaimable, {4});
  ToyReplayWorld world(snapshot);
  const auto block = RecordedPages::free_block_at(world.zone(), toy_page(6));
  REQUIRE(block);
  CHECK(block->head == toy_page(4));
  CHECK(block->list == Migratetype::reclaimable);
  CHECK_FALSE(RecordedPages::free_block_at(world.zone(), toy_page(3)));
  CHECK(RecordedPages::any_free(world.zone(), toy_page(0), Order{3}));
  CHECK_FALSE(RecordedPages::any_free(world.zone(), toy_page(0), Order{2}));
}

TEST_CASE("a block that leaves its zone belongs to none") {
  ToyReplayWorld world(toy_snapshot("MM"));
  const RecordedPages pages(*world.memory);
  CHECK(pages.zone_of(toy_page(8), Order{3}) == &world.zone());
  CHECK(pages.zone_of(toy_page(8), Order{4}) == nullptr);
  CHECK(pages.zone_of(Pfn{5}, Order{0}) == nullptr);
}

TEST_CASE("blocks leave per-CPU lists wherever they stand, and count as allocated") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  const std::size_t list = pcp_list(Order{1}, Migratetype::movable);
  snapshot.zones[0].pcps[1].lists[list] = {toy_page(2), toy_page(8), toy_page(6)};
  ToyReplayWorld world(snapshot, KernelVersion::v6_12, PcpLoad::lists);
  CHECK(RecordedPages::any_on_pcp(world.zone(), toy_page(9), Order{0}));
  CHECK(RecordedPages::leave_pcp(world.zone(), toy_page(8), Order{2}));
  CHECK_FALSE(RecordedPages::any_on_pcp(world.zone(), toy_page(8), Order{2}));
  CHECK_FALSE(RecordedPages::leave_pcp(world.zone(), toy_page(12), Order{0}));
  CHECK(draw(world.zone(), world.memory->folios()) == "MMppMMpp MMMMMMMM");
  CHECK(world.zone().pcp(CpuId{1}).count == 4);
  check_memory(*world.memory);
}

TEST_CASE("blocks join either end of a per-CPU list, and leave it again") {
  ToyReplayWorld world(toy_snapshot("MM"));
  const std::size_t list = pcp_list(Order{0}, Migratetype::movable);
  for (const std::uint64_t offset : {3U, 4U}) {
    RecordedPages::unlabel(world.zone(), toy_page(offset), Order{0});
    RecordedPages::join_pcp(world.zone(), {CpuId{1}, list, offset == 3 ? ListEnd::tail : ListEnd::head},
                            toy_page(offset), RecordedPages::type_on_pcp(world.zone(), list, toy_page(offset)));
  }
  CHECK(world.zone().pcp(CpuId{1}).count == 2);
  CHECK(world.zone().pfn(world.zone().pcp(CpuId{1}).lists[list].head()) == toy_page(4));
  check_memory(*world.memory);
  CHECK(RecordedPages::leave_pcp(world.zone(), toy_page(4), Order{0}));
  CHECK(world.zone().pcp(CpuId{1}).count == 1);
  check_memory(*world.memory);
}
