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
  window.push(toy_event(EventKind::alloc, 1, 0, kM, 1));
  window.push(toy_event(EventKind::alloc, 6, 0, kM, 0));
  const auto taken = rearrange_pcps(world.zone(), kKey, toy_event(EventKind::alloc, 5, 0, kM, 0), window);
  CHECK(taken.empty());
  CHECK(list_of(world, 0) == "5 6 2 3");
  CHECK(list_of(world, 1) == "1");
  CHECK(world.zone().pcp(CpuId{0}).count == 4);
  check_memory(*world.memory);
}

TEST_CASE("what lies above the wanted block and nobody asks for was taken by calls that no event shows") {
  ToyReplayWorld world = two_lists();
  CallWindow window;
  window.push(toy_event(EventKind::free, 2, 0, kM, 1));
  const auto taken = rearrange_pcps(world.zone(), kKey, toy_event(EventKind::alloc, 3, 0, kM, 0), window);
  CHECK(taken == std::vector{toy_page(1), toy_page(2)});
  CHECK(list_of(world, 0) == "3");
  CHECK(list_of(world, 1) == "5 6");
}

TEST_CASE("where no list has the wanted block nothing was taken") {
  ToyReplayWorld world = two_lists();
  CHECK(rearrange_pcps(world.zone(), kKey, toy_event(EventKind::alloc, 9, 0, kM, 0), CallWindow{}).empty());
  CHECK(list_of(world, 0) == "1 2 3");
}
