// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/call_lead_back.h"

#include <doctest/doctest.h>

#include "sim/allocator/gfp.h"
#include "sim/mm/invariants.h"
#include "sim/replay/recorded_call.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr PcpKey kSingle{Order{0}, kU};

/** Two free blocks of two pages each; CPUs whose refills take two pages. */
struct Missed {
  Missed() : world(snapshot(), KernelVersion::v6_12, PcpLoad::lists), placement(make_placement(world.tunables)) {}
  static KernelSnapshot snapshot() {
    KernelSnapshot snapshot = toy_snapshot("UU");
    add_free(snapshot, 1, kU, {0, 8});
    for (PcpImage& pcp : snapshot.zones[0].pcps) {
      pcp.batch = 2;
      pcp.high = 8;
    }
    return snapshot;
  }
  static TraceEvent alloc(std::uint64_t offset) {
    TraceEvent event = toy_event(EventKind::alloc, offset, 0, kU);
    event.gfp = 0xcc0;  // GFP_KERNEL
    return event;
  }
  PcpRing& list() { return pcp_ring(world.zone(), CpuId{0}, kSingle); }
  /** CPU 0's call refills its list, and gets the head of it. */
  Pfn call() {
    calls.begin(PageRequest{Order{0}, gfp::kKernel, CpuId{0}, NodeId{}});
    refill_on(*world.memory, *placement, world.zone(), CpuId{0}, kSingle, 2);
    const Pfn head = world.zone().pfn(list().head());
    take_unannounced(world.zone(), head, kSingle);
    return head;
  }

  ToyReplayWorld world;
  std::unique_ptr<PlacementPolicy> placement;
  UntracedPages untraced{};
  CallWindow window{};
  CallFallbacks fallbacks{};
  EventTally corrections{};
  CallLeadBack calls{{*world.memory, *placement, untraced, window, fallbacks}, corrections};
};

}  // namespace

TEST_CASE("a page that is put back is the next to leave its list") {
  Missed missed;
  const Pfn ours = missed.call();
  missed.calls.put_back(ours, Missed::alloc(0));
  CHECK(missed.world.zone().pfn(missed.list().head()) == ours);
  CHECK(missed.list().size() == 2);
  check_memory(*missed.world.memory);
}

TEST_CASE("a refill from another block than the recorded page's is undone, and made anew from there") {
  Missed missed;
  const Pfn ours = missed.call();
  REQUIRE(ours == toy_page(0));
  missed.calls.lead_back(missed.world.zone(), Missed::alloc(8), ours);
  check_memory(*missed.world.memory);
  CHECK(listed(missed.world.zone(), 1, kU) == "0");
  CHECK(missed.world.zone().pfn(missed.list().head()) == toy_page(9));
  CHECK(missed.corrections.count("refilled_elsewhere") == 1);
}

TEST_CASE("pages above the recorded one on its list, that nobody asks for, were drained") {
  Missed missed;
  const Pfn ours = missed.call();
  missed.calls.lead_back(missed.world.zone(), Missed::alloc(1), ours);
  check_memory(*missed.world.memory);
  CHECK(missed.list().empty());
  CHECK(missed.corrections.count("drained_unannounced") == 1);
  CHECK(listed(missed.world.zone(), 0, kU) == "0");
}

TEST_CASE("a recorded page that is allocated in our memory is counted, and stays allocated") {
  Missed missed;
  const Pfn ours = missed.call();
  missed.calls.lead_back(missed.world.zone(), Missed::alloc(12), ours);
  check_memory(*missed.world.memory);
  CHECK(missed.corrections.count("allocated_while_allocated") == 1);
}
