// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/buddy_returns.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

TraceEvent at(std::int64_t micros, TraceEvent event) {
  event.time = Ns{micros * 1000};
  return event;
}

struct Returns {
  explicit Returns(std::vector<std::uint64_t> direct_frees = {})
      : world(toy_snapshot("MMMM")), returns(*world.memory, std::move(direct_frees)) {}
  std::string listed(unsigned order) {
    check_memory(*world.memory);
    return test::listed(world.zone(), order, kM);
  }

  ToyReplayWorld world;
  ReplayCounts counts;
  BuddyReturns returns;
};

}  // namespace

TEST_CASE("a free past the per-CPU lists that nothing shows waits for what follows") {
  Returns world({7});
  world.returns.note_free(at(1, toy_event(EventKind::free, 2, 0, kM)), 6);
  world.returns.note_free(at(2, toy_event(EventKind::free, 4, 0, kM)), 7);
  CHECK(world.listed(0).empty());
  world.returns.settle(world.counts);
  CHECK(world.listed(0) == "4");
  CHECK(world.counts.corrections.counts().at("inferred_direct_free") == 1);
}

TEST_CASE("what is there by inference and was passed over is allocated, until the end shows that it was not") {
  Returns world({0});
  world.returns.note_free(toy_event(EventKind::free, 4, 0, kM), 0);
  world.returns.settle(world.counts);
  CHECK(world.returns.doubt(world.world.zone(), toy_page(4), Order{0}, world.counts));
  CHECK(world.listed(0).empty());
  CHECK_FALSE(world.returns.doubt(world.world.zone(), toy_page(4), Order{0}, world.counts));
  world.returns.settle(world.counts);
  CHECK(world.listed(0) == "4");
}

TEST_CASE("a block larger than the zone's largest returns in parts, which merge no further") {
  Returns world;
  world.returns.give_back(toy_event(EventKind::free, 0, 5, kM), world.counts);
  CHECK(world.listed(4) == "16 0");
}

TEST_CASE("what returns while it is free is counted, and free once") {
  Returns world;
  for (int i = 0; i < 2; ++i) {
    BuddyReturns::give_back(world.world.zone(), toy_page(4), Order{1}, kM, FreeFlags::none, world.counts);
  }
  CHECK(world.listed(1) == "4");
  CHECK(world.counts.corrections.counts().at("returned_while_free") == 1);
}
