// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/pcp_rearrangement.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;
constexpr PcpKey kKey{Order{0}, kM};

/** CPU 0 has pages 1, 2 and 3 on its list of movable pages, CPU 1 has 5 and 6. */
ToyReplayWorld two_lists() {
  KernelSnapshot snapshot = toy_snapshot("MM");
  const std::size_t list = pcp_list(Order{0}, kM);
  snapshot.zones[0].pcps[0].lists[list] = {toy_page(1), toy_page(2), toy_page(3)};
  snapshot.zones[0].pcps[1].lists[list] = {toy_page(5), toy_page(6)};
  return ToyReplayWorld(snapshot, KernelVersion::v6_12, PcpLoad::lists);
}

/** A call for, or a free of, a movable page. */
TraceEvent call(EventKind kind, std::uint64_t offset, unsigned cpu) {
  TraceEvent event = toy_event(kind, offset, 0, kM, cpu);
  event.gfp = 0x8;  // __GFP_MOVABLE
  return event;
}

std::string list_of(ToyReplayWorld& world, unsigned cpu) {
  const PcpRing& ring = world.zone().pcp(CpuId{cpu}).lists[pcp_list(Order{0}, kM)];
  std::string text;
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    text += (i == 0 ? "" : " ") + std::to_string((world.zone().pfn(ring.from_head(i)) - toy_page(0)).value);
  }
  return text;
}

}  // namespace

TEST_CASE("blocks go to the CPUs that ask for them next, in the order of their calls") {
  ToyReplayWorld world = two_lists();
  CallWindow window;
  window.push(call(EventKind::alloc, 1, 1));
  window.push(call(EventKind::alloc, 6, 0));
  const auto taken = rearrange_pcps(world.zone(), kKey, call(EventKind::alloc, 5, 0), window);
  CHECK(taken.empty());
  CHECK(list_of(world, 0) == "5 6 2 3");
  CHECK(list_of(world, 1) == "1");
  CHECK(world.zone().pcp(CpuId{0}).count == 4);
  check_memory(*world.memory);
}

TEST_CASE("what lies above the wanted block and nobody asks for is taken off, and told whether it is freed next") {
  ToyReplayWorld world = two_lists();
  CallWindow window;
  window.push(call(EventKind::free, 2, 1));
  const auto taken = rearrange_pcps(world.zone(), kKey, call(EventKind::alloc, 3, 0), window);
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].block == toy_page(1));
  CHECK_FALSE(taken[0].is_freed_next);
  CHECK(taken[1].block == toy_page(2));
  CHECK(taken[1].is_freed_next);
  CHECK(list_of(world, 0) == "3");
  CHECK(list_of(world, 1) == "5 6");
}

TEST_CASE("where no list has the wanted block nothing was taken") {
  ToyReplayWorld world = two_lists();
  CHECK(rearrange_pcps(world.zone(), kKey, call(EventKind::alloc, 9, 0), CallWindow{}).empty());
  CHECK(list_of(world, 0) == "1 2 3");
}

TEST_CASE("whoever gets a block as part of another order does not get it off that list") {
  ToyReplayWorld world = two_lists();
  CallWindow window;
  TraceEvent pair = call(EventKind::alloc, 2, 1);
  pair.order = Order{1};
  window.push(pair);
  const auto passed = rearrange_pcps(world.zone(), kKey, call(EventKind::alloc, 1, 0), window);
  CHECK(passed.empty());
  CHECK(list_of(world, 0) == "1 2 3");
  CHECK(list_of(world, 1) == "5 6");
}

TEST_CASE("a call looks at the list of its order and of what it asks for") {
  CHECK(key_of(call(EventKind::alloc, 1, 0)).type == kM);
  CHECK(key_of(toy_event(EventKind::alloc, 0, 2, kM)).type == Migratetype::unmovable);
  CHECK(key_of(toy_event(EventKind::alloc, 0, 2, kM)).order == Order{2});
}
