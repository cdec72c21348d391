// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_call.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;
constexpr PcpKey kSingle{Order{0}, kU};

/** A free block of 8 pages, and page 8 on CPU 0's list. */
ToyReplayWorld free_block_and_list() {
  KernelSnapshot snapshot = toy_snapshot("UU");
  add_free(snapshot, 3, kU, {0});
  snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(8)};
  return ToyReplayWorld(snapshot, KernelVersion::v6_12, PcpLoad::lists);
}

}  // namespace

TEST_CASE("a call of a CPU that the snapshot does not have is one of ours") {
  ToyReplayWorld world(toy_snapshot("UU", 2));
  CHECK(cpu_of(*world.memory, toy_event(EventKind::free, 0, 0, kU, 1)) == CpuId{1});
  CHECK(cpu_of(*world.memory, toy_event(EventKind::free, 0, 0, kU, 5)) == CpuId{1});
}

TEST_CASE("a recorded allocation asks for what its flags of the kernel's say") {
  ToyReplayWorld world(toy_snapshot("UU"));
  TraceEvent alloc = toy_event(EventKind::alloc, 0, 2, kU, 1);
  alloc.gfp = 0x820;  // GFP_ATOMIC
  const PageRequest request = request_of(*world.memory, alloc);
  CHECK(request.order == Order{2});
  CHECK(request.cpu == CpuId{1});
  CHECK(request.gfp.has(Gfp::high));
  CHECK_FALSE(request.gfp.may_block());
}

TEST_CASE("a block that is taken leaves whatever holds it") {
  ToyReplayWorld world = free_block_and_list();
  take_block(world.zone(), toy_page(2), Order{1}, kM);   // within a free block
  take_block(world.zone(), toy_page(8), Order{0}, kM);   // on a per-CPU list
  take_block(world.zone(), toy_page(12), Order{1}, kM);  // allocated
  check_memory(*world.memory);
  CHECK(world.zone().free_pages_exact() == NrPages{6});
  CHECK(world.zone().pcp(CpuId{0}).count == 0);
  CHECK(world.zone().slot(toy_page(12)).type() == kM);
}

TEST_CASE("a refill goes on for so many blocks, or until a page has left the free lists") {
  ToyReplayWorld world = free_block_and_list();
  const auto placement = make_placement(world.tunables);
  refill_on(*world.memory, *placement, world.zone(), CpuId{1}, kSingle, 2);
  CHECK(pcp_ring(world.zone(), CpuId{1}, kSingle).size() == 2);
  refill_on(*world.memory, *placement, world.zone(), CpuId{1}, kSingle, 64, toy_page(4));
  CHECK(pcp_ring(world.zone(), CpuId{1}, kSingle).size() == 5);
  check_memory(*world.memory);
}
