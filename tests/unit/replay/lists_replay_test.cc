// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lists_replay.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

/** A world in lock-step; events are fed in order. */
struct LockStep {
  explicit LockStep(const KernelSnapshot& snapshot, KernelVersion kernel = KernelVersion::v6_12,
                    DirectFrees direct = DirectFrees::by_order)
      : world(snapshot, kernel), replay(*world.memory, direct) {}

  void feed(const TraceEvent& event, bool past_pcp = false) { replay.feed(event, past_pcp); }
  const Score& score() {
    replay.flush();
    return replay.counts().whole;
  }
  std::uint64_t corrected(const std::string& kind) {
    const auto& counts = replay.counts().corrections.counts();
    return counts.contains(kind) ? counts.at(kind) : 0;
  }

  ToyReplayWorld world;
  ListsReplay replay;
};

KernelSnapshot three_free_pages() {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {6, 2, 4});
  return snapshot;
}

}  // namespace

TEST_CASE("the head of the list is foretold, and what leaves it instead is a miss that is led back") {
  LockStep step(three_free_pages());
  step.feed(toy_event(EventKind::zone_locked, 6, 0, kM));
  step.feed(toy_event(EventKind::zone_locked, 4, 0, kM));
  CHECK(step.score().all.predicted == 1);
  CHECK(step.score().all.total == 2);
  CHECK(step.corrected("removed_out_of_turn") == 1);
  REQUIRE(step.replay.counts().first_mismatch);
  CHECK(step.replay.counts().first_mismatch->ours == toy_page(2));
  CHECK(listed(step.world.zone(), 0, kM) == "2");
  check_memory(*step.world.memory);
}

TEST_CASE("a page that returns from a per-CPU list goes to the head, or to the tail where a merge is near") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {8});
  add_free(snapshot, 1, kM, {2});
  LockStep step(snapshot);
  step.feed(toy_event(EventKind::pcpu_drain, 12, 0, kM));
  step.feed(toy_event(EventKind::pcpu_drain, 0, 0, kM));
  CHECK(listed(step.world.zone(), 0, kM) == "12 8 0");
  check_memory(*step.world.memory);
}

TEST_CASE("frees of orders without per-CPU lists reach the buddy at once, others when drained") {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  LockStep step(snapshot);
  step.feed(toy_event(EventKind::free, 0, 0, kM));
  CHECK(listed(step.world.zone(), 0, kM).empty());
  step.feed(toy_event(EventKind::free, 1, 0, kM), true);
  CHECK(listed(step.world.zone(), 0, kM) == "1");
  step.feed(toy_event(EventKind::free, 16, 4, kM));
  CHECK(step.world.zone().free_pages_exact() == NrPages{17});
  check_memory(*step.world.memory);
}

TEST_CASE("a claim that explains a removal is decided before the removal counts") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {2});
  add_free(snapshot, 2, kM, {4});
  LockStep step(snapshot);
  step.feed(toy_event(EventKind::zone_locked, 2, 0, kU));
  step.feed(toy_fallback(2, 0, kU, 2, kM, true));
  CHECK(step.score().fallbacks.same_decision == 1);
  CHECK(step.score().all.predicted == 1);
  CHECK(listed(step.world.zone(), 0, kU) == "3");
  CHECK(step.world.zone().pageblock(toy_page(2)).type == kU);
  check_memory(*step.world.memory);
}

TEST_CASE("types that a claim writes do not spoil its own decision") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {2});
  add_free(snapshot, 2, kM, {4});
  LockStep step(snapshot, KernelVersion::v6_12, DirectFrees::recorded);
  step.feed(toy_event(EventKind::set_type, 0, 3, kU));
  step.feed(toy_event(EventKind::zone_locked, 2, 0, kU));
  step.feed(toy_fallback(2, 0, kU, 2, kM, true));
  CHECK(step.score().fallbacks.same_decision == 1);
}

TEST_CASE("the memory of a steal ends with the allocation that the refill was for") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {1, 3, 5});
  snapshot.classes.assign(1024 + 16, static_cast<std::uint8_t>(PageClass::file));
  LockStep step(snapshot);
  for (const std::uint64_t page : {1, 3}) {
    step.feed(toy_fallback(page, 0, kU, 0, kM, false));
  }
  CHECK(step.score().fallbacks.same_decision == 2);
  step.feed(toy_event(EventKind::alloc, 1, 0, kU));
  step.feed(toy_event(EventKind::pcpu_drain, 7, 0, kU));
  step.feed(toy_event(EventKind::zone_locked, 7, 0, kU));
  CHECK(step.score().all.predicted == 1);
}

TEST_CASE("a page captured by direct compaction was on no list and is no fallback") {
  LockStep step(three_free_pages());
  step.feed(toy_fallback(8, 1, kU, 1, kM, false));
  CHECK(step.score().fallbacks.total == 0);
  CHECK(step.replay.counts().skipped.counts().at("captured_by_compaction") == 1);
}

TEST_CASE("what happens up to the first compaction is scored by itself") {
  LockStep step(three_free_pages());
  step.feed(toy_event(EventKind::zone_locked, 6, 0, kM));
  step.replay.note_compaction();
  step.feed(toy_event(EventKind::zone_locked, 4, 0, kM));
  step.score();
  REQUIRE(step.replay.counts().before_compaction);
  CHECK(step.replay.counts().before_compaction->all.total == 1);
}

TEST_CASE("compaction takes free blocks off, and free pages that contents move to") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {2, 8});
  LockStep step(snapshot);
  step.feed(toy_event(EventKind::isolate, 2, 1, kM));
  CHECK(listed(step.world.zone(), 1, kM) == "8");
  TraceEvent move = toy_event(EventKind::migrate, 5, 0, kM);
  move.to = toy_page(9);
  step.feed(move);
  CHECK(listed(step.world.zone(), 0, kM) == "8");
  CHECK(step.corrected("migrated_to_while_free") == 1);
  check_memory(*step.world.memory);
}

TEST_CASE("events that contradict the model are counted and change nothing that is free") {
  LockStep step(three_free_pages());
  step.feed(toy_event(EventKind::free, 6, 0, kM));
  step.feed(toy_event(EventKind::pcpu_drain, 6, 0, kM));
  TraceEvent foreign = toy_event(EventKind::zone_locked, 0, 0, kM);
  foreign.pfn = Pfn{77};
  step.feed(foreign);
  step.score();
  CHECK(step.replay.counts().skipped.counts().at("freed_while_free") == 1);
  CHECK(step.replay.counts().skipped.counts().at("outside_of_zones") == 1);
  CHECK(step.corrected("freed_while_free") == 1);
  CHECK(listed(step.world.zone(), 0, kM) == "6 2 4");
}

TEST_CASE("a page that returns as isolated shows that its pageblock is") {
  LockStep step(three_free_pages());
  step.feed(toy_event(EventKind::pcpu_drain, 0, 0, Migratetype::isolate));
  CHECK(step.world.zone().pageblock(toy_page(0)).type == Migratetype::isolate);
  CHECK(step.world.zone().free_pages_exact() == NrPages{0});
  step.feed(toy_event(EventKind::zone_locked, 2, 0, kM));
  step.score();
  CHECK(step.world.zone().pageblock(toy_page(0)).type == kM);
  check_memory(*step.world.memory);
}
