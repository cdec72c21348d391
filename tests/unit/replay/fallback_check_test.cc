// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/fallback_check.h"

#include <doctest/doctest.h>

#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

/** A mostly free movable pageblock: the first page allocated, and 1, 2 to 3, 4 to 7 free. */
KernelSnapshot one_mixed_block() {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {1});
  add_free(snapshot, 1, kM, {2});
  add_free(snapshot, 2, kM, {4});
  return snapshot;
}

}  // namespace

TEST_CASE("6.12 claims a mostly free pageblock and names the page that comes out of it") {
  ToyReplayWorld world(one_mixed_block());
  const TraceEvent recorded = toy_fallback(1, 0, kU, 2, kM, true);
  const FallbackDecision ours = decide_fallback(world.zone(), recorded, PlacementMode::normal);
  REQUIRE(ours.placement);
  CHECK(ours.own_list_empty);
  CHECK(ours.placement->block == toy_page(4));
  CHECK(ours.page == toy_page(1));
  CHECK(ours.owned);
  CHECK(compare(ours, recorded).same_action());
}

TEST_CASE("a refill that has stolen steals on, although it might claim") {
  ToyReplayWorld world(one_mixed_block());
  const FallbackDecision ours =
      decide_fallback(world.zone(), toy_fallback(1, 0, kU, 0, kM, false), PlacementMode::steal);
  REQUIRE(ours.placement);
  CHECK(ours.placement->block == toy_page(1));
  CHECK_FALSE(ours.owned);
}

TEST_CASE("each respect of a decision is scored by itself") {
  ToyReplayWorld world(one_mixed_block());
  const TraceEvent recorded = toy_fallback(3, 0, kU, 2, kM, false);
  FallbackScore score;
  score_fallback(compare(decide_fallback(world.zone(), recorded, PlacementMode::normal), recorded), score);
  CHECK(score.total == 1);
  CHECK(score.own_list_empty == 1);
  CHECK(score.same_order_and_type == 1);
  CHECK(score.same_page == 0);
  CHECK(score.same_claim == 0);
  CHECK(score.same_decision == 0);
}

TEST_CASE("a recorded steal leaves the rest of its block on the other type's list") {
  ToyReplayWorld world(one_mixed_block());
  const auto placement = recorded_fallback(world.zone(), toy_fallback(4, 0, kU, 2, kM, false), false);
  REQUIRE(placement);
  CHECK_FALSE(move_for_fallback(world.zone(), *placement, Order{0}, kU));
  CHECK(listed(world.zone(), 1, kM) == "6 2");
  CHECK(world.zone().pageblock(toy_page(4)).type == kM);
}

TEST_CASE("6.1 moves the free pages of the whole block even where it keeps its type") {
  ToyReplayWorld world(one_mixed_block(), KernelVersion::v6_1);
  const auto placement = recorded_fallback(world.zone(), toy_fallback(4, 0, kU, 2, kM, false), false);
  REQUIRE(placement);
  CHECK(placement->action == PlacementAction::move_pageblock);
  CHECK(move_for_fallback(world.zone(), *placement, Order{0}, kU));
  CHECK(listed(world.zone(), 0, kU) == "1");
  CHECK(listed(world.zone(), 2, kU) == "4");
  CHECK(world.zone().pageblock(toy_page(4)).type == kM);
}

TEST_CASE("a fallback to a block that is not free here has no placement") {
  ToyReplayWorld world(one_mixed_block());
  CHECK_FALSE(recorded_fallback(world.zone(), toy_fallback(8, 0, kU, 2, kM, false), false));
}
