// SPDX-License-Identifier: GPL-2.0-or-later
// Whatever a damaged recording says, every model survives it, and stays a memory that agrees with itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include "damage.h"
#include "list_reader.h"
#include "sim/base/random.h"
#include "sim/mm/invariants.h"
#include "sim/replay/allocs_replay.h"
#include "sim/replay/lock_step.h"
#include "sim/replay/recorded_pcps.h"
#include "sim/replay/zone_alignment.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Where contradictory events begin. */
KernelSnapshot contradicted() {
  KernelSnapshot snapshot = toy_snapshot("UMMMRMMM");
  add_free(snapshot, 0, Migratetype::unmovable, {1, 3});
  add_free(snapshot, 4, Migratetype::movable, {16, 48});
  return snapshot;
}

/** Events of every kind about any page, in a zone or not, in any order. */
TraceEvent random_event(RandomStream& random) {
  const auto any_of = [&](std::uint64_t bound) { return static_cast<unsigned>(random.below(bound)); };
  TraceEvent event = toy_event(static_cast<EventKind>(any_of(kNrEventKinds)), any_of(80), any_of(5),
                               static_cast<Migratetype>(any_of(kNrPcpTypes)), any_of(3));
  event.order = random.chance(0.02) ? Order{any_of(kMaxOrders)} : event.order;
  const Pfn near = random.chance(0.1) ? event.pfn : event.pfn.align_down(event.order);
  event.pfn = random.chance(0.02) ? Pfn{random.below(1U << 31)} : near;
  event.to = toy_page(any_of(80));
  event.flag = random.chance(0.5);
  event.has_pfn = random.chance(0.95);
  event.fallback_order = Order{any_of(5)};
  event.fallback_type = static_cast<Migratetype>(any_of(kNrPcpTypes));
  event.time = Ns{any_of(1000)};
  return event;
}

}  // namespace

TEST_CASE("a damaged pgsnap is an error or a snapshot that a memory can be made of") {
  RandomStream random(1, "damage");
  const std::string whole = pgsnap_bytes();
  REQUIRE(parse_pgsnap(whole, "pgsnap").zones.size() == 1);
  for (int round = 0; round < 200; ++round) {
    const std::string content = damaged(whole, random);
    survives([&] {
      const KernelSnapshot snapshot = parse_pgsnap(content, "pgsnap");
      REQUIRE(snapshot.zones[0].spanned < NrPages{1000});
      ToyReplayWorld world(snapshot, KernelVersion::v6_1, PcpLoad::lists);
      check_memory(*world.memory);
    });
  }
}

TEST_CASE("allocator mode survives calls that contradict each other, and its counts stay true") {
  RandomStream random(5, "damage");
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    ToyReplayWorld world(contradicted(), kernel, PcpLoad::lists);
    const UntracedPages untraced;
    AllocsReplay replay(*world.memory, untraced);
    for (int i = 0; i < 3000; ++i) {
      TraceEvent event = random_event(random);
      event.gfp = random.chance(0.5) ? 0x100cca : 0xcc0;  // GFP_HIGHUSER_MOVABLE, GFP_KERNEL
      event.time = i == 1500 ? kLatestTime : Ns{i * std::int64_t{10'000'000}};
      replay.feed(event);
    }
    replay.flush();
    CHECK(replay.counts().events == 3000);
    CHECK_NOTHROW(check_memory(*world.memory));
  }
}

TEST_CASE("a model can be led back at any point of events that contradict each other") {
  RandomStream random(5, "damage");
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    ToyReplayWorld model(contradicted(), kernel, PcpLoad::lists);
    ToyReplayWorld followed(contradicted(), kernel);
    const UntracedPages untraced;
    AllocsReplay replay(*model.memory, untraced, AllocsReplay::LeadBack::by_lists);
    LockStep lock_step(*followed.memory, {});
    RecordedPcps pcps(*followed.memory, *model.memory);
    std::vector<TraceEvent> events;
    std::generate_n(std::back_inserter(events), 3000, [&] { return random_event(random); });
    ListReader reader(events);
    EventWindow window(reader);
    ZoneAlignment alignment(model.zone(), followed.zone(), pcps);
    for (const TraceEvent* event = window.next(); event != nullptr; event = window.next()) {
      replay.feed(*event);
      const TraceEvent* next = window.ahead(event->cpu);
      lock_step.feed(*event, 0, next);
      pcps.feed(*event, next);
      if (replay.is_lost()) {
        alignment.run();
        replay.note_led_back();
      }
    }
    CHECK_NOTHROW(check_memory(*model.memory));
  }
}

TEST_CASE("lock-step survives events in any order that contradict each other, and its counts stay true") {
  RandomStream random(4, "damage");
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    for (const bool knows_hidden : {false, true}) {
      ToyReplayWorld world(contradicted(), kernel);
      std::vector<TraceEvent> events;
      std::generate_n(std::back_inserter(events), 5000, [&] { return random_event(random); });
      LockStep lock_step(*world.memory, {knows_hidden, knows_hidden, {}, std::nullopt});
      replay_all(lock_step, events);
      CHECK(lock_step.counts().events == 5000);
      CHECK_NOTHROW(check_memory(*world.memory));
    }
  }
}
