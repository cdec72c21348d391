// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_relief.h"

#include <doctest/doctest.h>

#include "sim/allocator/page_request.h"
#include "sim/replay/recorded_pages.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Eight free pages of sixteen, with a high watermark of @high. */
ToyReplayWorld world_with_high(std::uint64_t high) {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 3, Migratetype::movable, {8});
  snapshot.zones[0].watermark = {1, 2, high};
  return ToyReplayWorld(snapshot);
}

/** Large enough for boosts of 8 pages; whole pageblocks are free at @free. */
ToyReplayWorld four_pageblocks(std::initializer_list<std::uint64_t> free) {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  add_free(snapshot, 3, Migratetype::movable, free);
  snapshot.zones[0].watermark = {1, 2, 4};
  return ToyReplayWorld(snapshot);
}

}  // namespace

TEST_CASE("kswapd works from its wake-up until the zone is above its high watermark") {
  ToyReplayWorld world = world_with_high(9);
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  CHECK(world.zone().reclaim_active());
  relief.settle();
  CHECK(world.zone().reclaim_active());
  RecordedPages::unlabel(world.zone(), toy_page(0), Order{2});
  world.zone().free_block(toy_page(0), Order{2}, Migratetype::movable);
  relief.settle();
  CHECK_FALSE(world.zone().reclaim_active());
}

TEST_CASE("a balanced node does not wake kswapd") {
  ToyReplayWorld world = world_with_high(4);
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  CHECK_FALSE(world.zone().reclaim_active());
}

TEST_CASE("a boost wakes kswapd, and both last until as many pages were freed as it asked for") {
  ToyReplayWorld world = four_pageblocks({0, 8, 16});
  RecordedRelief relief(*world.memory);
  REQUIRE(world.zone().boost_watermark(15000));
  CHECK(world.zone().boost() == NrPages{8});
  relief.wake_kswapd(world.zone(), PageRequest{});
  relief.settle();
  CHECK(world.zone().reclaim_active());
  for (std::uint64_t page = 24; page < 32; ++page) {
    world.memory->free_pages(toy_page(page), Order{0}, CpuId{0});
  }
  relief.settle();
  CHECK_FALSE(world.zone().reclaim_active());
  CHECK(world.zone().boost() == NrPages{0});
}

TEST_CASE("a zone that the kernel passed over was boosted, until the kernel takes from it") {
  ToyReplayWorld world = four_pageblocks({8});
  RecordedRelief relief(*world.memory);
  relief.learn_short(world.zone());
  CHECK(world.zone().boost() == NrPages{8});
  CHECK(world.zone().reclaim_active());
  relief.learn_enough(world.zone());
  CHECK(world.zone().boost() == NrPages{0});
}

TEST_CASE("where the largest boost does not make a zone short, it was passed over for another reason") {
  ToyReplayWorld world = four_pageblocks({0, 8, 16});
  RecordedRelief relief(*world.memory);
  relief.learn_short(world.zone());
  CHECK(world.zone().boost() == NrPages{0});
  CHECK_FALSE(world.zone().reclaim_active());
}
