// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/steered_refill.h"

#include <doctest/doctest.h>

#include <array>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;
constexpr PcpKey kSingle{Order{0}, kU};
constexpr CpuId kCpu{0};

ToyReplayWorld world_of(const KernelSnapshot& snapshot) {
  return ToyReplayWorld(snapshot, KernelVersion::v6_12, PcpLoad::lists);
}

std::string cached(Zone& zone, PcpKey key) {
  const PcpRing& ring = zone.pcp(kCpu).lists[pcp_list(key.order, key.type)];
  std::string text;
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    text += (i == 0 ? "" : " ") + std::to_string(zone.pfn(ring.from_head(i)).value - 1024);
  }
  return text;
}

/** Pages 0 to 3 are on the CPU's list, in the order in which a refill splits their block; 4 to 7 are free. */
KernelSnapshot just_refilled() {
  KernelSnapshot snapshot = toy_snapshot("UM");
  snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(0), toy_page(1), toy_page(2), toy_page(3)};
  add_free(snapshot, 2, kU, {4});
  return snapshot;
}

}  // namespace

TEST_CASE("a refill that is undone leaves the free block that it was made of") {
  ToyReplayWorld world = world_of(just_refilled());
  return_list(world.zone(), kCpu, kSingle);
  CHECK(listed(world.zone(), 3, kU) == "0");
  CHECK(world.zone().pcp(kCpu).count == 0);
  check_memory(*world.memory);
}

TEST_CASE("a list goes back if it has any page of the block in question, and no other list") {
  KernelSnapshot snapshot = just_refilled();
  snapshot.zones[0].pcps[1].lists[pcp_list(Order{1}, kM)] = {toy_page(8)};
  ToyReplayWorld world = world_of(snapshot);
  CHECK(return_lists_with(world.zone(), toy_page(12), Order{2}) == 0);
  CHECK(return_lists_with(world.zone(), toy_page(9), Order{0}) == 1);
  CHECK(listed(world.zone(), 1, kM) == "8");
  CHECK(cached(world.zone(), kSingle) == "0 1 2 3");
  check_memory(*world.memory);
}

TEST_CASE("a claim that the kernel did not make is taken back with its free pages, unless the page came from there") {
  KernelSnapshot snapshot = toy_snapshot("UU");
  add_free(snapshot, 2, kU, {8});
  ToyReplayWorld world = world_of(snapshot);
  const ExtfragEvent claim{toy_page(12), Order{0}, Order{2}, kU, kM, true, ExtfragAction::steal};
  return_claims(world.zone(), std::array{claim}, toy_page(13));
  CHECK(world.zone().pageblock(toy_page(8)).type == kU);
  return_claims(world.zone(), std::array{claim}, toy_page(0));
  CHECK(world.zone().pageblock(toy_page(8)).type == kM);
  CHECK(world.zone().pageblock(toy_page(0)).type == kU);
  CHECK(listed(world.zone(), 2, kM) == "8");
  check_memory(*world.memory);
}

TEST_CASE("a pageblock that serves another type than ours has it for is claimed where the kernel's rule allows it") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 2, kM, {0});
  add_free(snapshot, 0, kM, {8});
  ToyReplayWorld world = world_of(snapshot);
  CHECK(claim_for(world.zone(), toy_page(1), kU));
  CHECK(world.zone().pageblock(toy_page(0)).type == kU);
  CHECK(listed(world.zone(), 2, kU) == "0");
  CHECK_FALSE(claim_for(world.zone(), toy_page(1), kU));
  CHECK_FALSE(claim_for(world.zone(), toy_page(2), kM));  // for movable pages only blocks above the costly order
  check_memory(*world.memory);
}

TEST_CASE("a refill goes on where it began, then down the list, which turns to that place") {
  KernelSnapshot snapshot = toy_snapshot("UUUU");
  add_free(snapshot, 1, kU, {0, 8, 16, 24});
  ToyReplayWorld world = world_of(snapshot);
  const auto path = refill_path(world.zone(), toy_page(8), kSingle, 4);
  CHECK(path == std::vector{toy_page(9), toy_page(16), toy_page(17), toy_page(24)});
  CHECK(listed(world.zone(), 1, kU) == "8 16 24 0");
  refill_along(world.zone(), kCpu, kSingle, path);
  CHECK(cached(world.zone(), kSingle) == "9 16 17 24");
  CHECK(world.zone().pcp(kCpu).count == 4);
  check_memory(*world.memory);
}

TEST_CASE("a page that is not free shows no way on") {
  ToyReplayWorld world = world_of(toy_snapshot("UU"));
  CHECK(refill_path(world.zone(), toy_page(3), kSingle, 4).empty());
}
