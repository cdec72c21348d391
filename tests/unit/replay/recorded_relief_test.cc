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

TEST_CASE("a balanced node does not wake kswapd, which ends boosts") {
  ToyReplayWorld world = world_with_high(4);
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  CHECK_FALSE(world.zone().reclaim_active());
  CHECK(world.zone().boost() == NrPages{0});
}
