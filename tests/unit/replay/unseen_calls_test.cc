// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/unseen_calls.h"

#include <doctest/doctest.h>

#include "sim/allocator/gfp.h"
#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;

/** CPU 0's list has pages 8, 9 and 10; of these and of the free block's, the unannounced ones are @held. */
struct Unseen {
  explicit Unseen(std::initializer_list<std::uint64_t> held)
      : world(snapshot(), KernelVersion::v6_12, PcpLoad::lists),
        placement(make_placement(world.tunables)),
        untraced(stays(held)),
        calls(*world.memory, *placement, untraced, counts) {}
  static KernelSnapshot snapshot() {
    KernelSnapshot snapshot = toy_snapshot("UU");
    add_free(snapshot, 3, kU, {0});
    for (PcpImage& pcp : snapshot.zones[0].pcps) {
      pcp.batch = 2;
      pcp.high = 8;
    }
    snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(8), toy_page(9), toy_page(10)};
    return snapshot;
  }
  static std::vector<UntracedStay> stays(std::initializer_list<std::uint64_t> held) {
    std::vector<UntracedStay> stays;
    for (const std::uint64_t offset : held) {
      stays.push_back({toy_page(offset), Ns{0}, Ns::max()});
    }
    return stays;
  }
  int on_list(unsigned cpu) { return world.zone().pcp(CpuId{cpu}).count; }

  ToyReplayWorld world;
  std::unique_ptr<PlacementPolicy> placement;
  UntracedPages untraced;
  ReplayCounts counts;
  UnseenCalls calls;
};

}  // namespace

TEST_CASE("unannounced pages at the head of a list are taken, and none behind one that is not") {
  Unseen unseen({8, 10});
  unseen.calls.take_held(PageRequest{Order{0}, gfp::kKernel, CpuId{0}, NodeId{}}, Ns{1});
  CHECK(unseen.on_list(0) == 2);
  CHECK(unseen.counts.skipped.count("taken_unannounced") == 1);
  check_memory(*unseen.world.memory);
}

TEST_CASE("only single pages are taken so") {
  Unseen unseen({8});
  unseen.calls.take_held(PageRequest{Order{1}, gfp::kKernel, CpuId{0}, NodeId{}}, Ns{1});
  CHECK(unseen.on_list(0) == 3);
}

TEST_CASE("a page that nobody announces and that leaves the buddy shows that its CPU's list was refilled") {
  Unseen unseen({0});
  CHECK(unseen.calls.note_removal(toy_event(EventKind::zone_locked, 0, 0, kU, 1)));
  CHECK(unseen.on_list(1) > 0);
  CHECK(unseen.counts.corrections.count("refilled_unannounced") == 1);
  check_memory(*unseen.world.memory);
}

TEST_CASE("a page that will be announced shows nothing") {
  Unseen unseen({5});
  CHECK_FALSE(unseen.calls.note_removal(toy_event(EventKind::zone_locked, 0, 0, kU, 1)));
  CHECK(unseen.on_list(1) == 0);
}
