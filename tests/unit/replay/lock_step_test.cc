// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lock_step.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;
constexpr auto kR = Migratetype::reclaimable;

/** A world in lock-step with some events. */
struct Replayed {
  Replayed(const KernelSnapshot& snapshot, const std::vector<TraceEvent>& events, LockStepInput input = {},
           KernelVersion kernel = KernelVersion::v6_12)
      : world(snapshot, kernel), lock_step(*world.memory, std::move(input)) {
    replay_all(lock_step, events);
    check_memory(*world.memory);
  }

  const Score& score() { return lock_step.counts().whole; }
  std::uint64_t corrected(const std::string& kind) {
    const auto& counts = lock_step.counts().corrections.counts();
    return counts.contains(kind) ? counts.at(kind) : 0;
  }
  std::string listed(unsigned order, Migratetype type) { return test::listed(world.zone(), order, type); }

  ToyReplayWorld world;
  LockStep lock_step;
};

/** At @micros after the first event. */
TraceEvent at(std::int64_t micros, TraceEvent event) {
  event.time = Ns{micros * 1000};
  return event;
}

TraceEvent locked(std::uint64_t offset, unsigned order, Migratetype type, unsigned cpu = 0) {
  return toy_event(EventKind::zone_locked, offset, order, type, cpu);
}

KernelSnapshot three_free_pages() {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {6, 2, 4});
  return snapshot;
}

}  // namespace

TEST_CASE("the head of the list is foretold, and what leaves it instead is a miss that is led back") {
  Replayed step(three_free_pages(), {locked(6, 0, kM), locked(4, 0, kM)});
  CHECK(step.score().all.predicted == 1);
  CHECK(step.score().all.total == 2);
  CHECK(step.score().by_type[index(kM)].total == 2);
  CHECK(step.corrected("removed_out_of_turn") == 1);
  REQUIRE(step.lock_step.counts().first_mismatch);
  CHECK(step.lock_step.counts().first_mismatch->ours == toy_page(2));
  CHECK(step.lock_step.counts().first_mismatch->our_list == std::vector<Pfn>{toy_page(2), toy_page(4)});
  CHECK(step.listed(0, kM) == "2");
}

TEST_CASE("once compaction has begun, a list whose head was not taken has been rotated") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {6, 2, 4, 8});
  LockStepInput input;
  input.first_compaction = Ns{0};
  Replayed step(snapshot, {locked(4, 0, kM)}, input);
  CHECK(step.listed(0, kM) == "8 6 2");
}

TEST_CASE("a page that returns from a per-CPU list goes to the head, or to the tail where a merge is near") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {8});
  add_free(snapshot, 1, kM, {2});
  Replayed step(snapshot,
                {toy_event(EventKind::pcpu_drain, 12, 0, kM), toy_event(EventKind::pcpu_drain, 0, 0, kM)});
  CHECK(step.listed(0, kM) == "12 8 0");
}

TEST_CASE("frees of orders without per-CPU lists reach the buddy at once, others when drained") {
  Replayed step(toy_snapshot("MMMM"),
                {toy_event(EventKind::free, 0, 0, kM), toy_event(EventKind::free, 16, 4, kM)});
  CHECK(step.listed(0, kM).empty());
  CHECK(step.world.zone().free_pages_exact() == NrPages{16});
}

TEST_CASE("a free known to have passed the per-CPU lists reaches the buddy") {
  LockStepInput input;
  input.direct_frees = {1};
  Replayed step(toy_snapshot("MMMM"),
                {toy_event(EventKind::free, 0, 0, kM), toy_event(EventKind::free, 5, 0, kM)}, input);
  CHECK(step.listed(0, kM) == "5");
  CHECK(step.corrected("inferred_direct_free") == 1);
}

TEST_CASE("a head that the kernel passes over costs one miss if its free was inferred, not one for each page behind") {
  LockStepInput input;
  input.direct_frees = {0};
  Replayed step(three_free_pages(),
                {at(0, toy_event(EventKind::free, 11, 0, kM)), at(1, toy_event(EventKind::other, 0, 0, kM)),
                 at(2, locked(6, 0, kM)), at(3, locked(2, 0, kM)), at(4, locked(4, 0, kM))},
                input);
  CHECK(step.corrected("doubted_direct_free") == 1);
  CHECK(step.score().all.predicted == 2);
  CHECK(step.score().all.total == 3);
  CHECK(step.listed(0, kM) == "11");  // free all the same
}

TEST_CASE("where the recording tells each free to the buddy, none is assumed") {
  LockStepInput input;
  input.frees_to_buddy = true;
  Replayed step(toy_snapshot("MMMM"), {toy_event(EventKind::free, 16, 4, kM)}, input);
  CHECK(step.world.zone().free_pages_exact() == NrPages{0});
}

TEST_CASE("a claim that explains a removal is decided before the removal counts") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {2});
  add_free(snapshot, 2, kM, {4});
  Replayed step(snapshot, {toy_event(EventKind::set_type, 0, 3, kU), locked(2, 0, kU),
                           toy_fallback(2, 0, kU, 2, kM, true)});
  CHECK(step.score().fallbacks.same_decision == 1);
  CHECK(step.score().all.predicted == 1);
  CHECK(step.listed(0, kU) == "3");
  CHECK(step.world.zone().pageblock(toy_page(2)).type == kU);
  CHECK(step.corrected("pageblock_type") == 0);
}

TEST_CASE("6.1 announces a fallback first, and the page comes off the request's own lists") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {2});
  add_free(snapshot, 2, kM, {4});
  Replayed step(snapshot, {toy_fallback(4, 0, kU, 2, kM, true), locked(2, 0, kU)}, {}, KernelVersion::v6_1);
  CHECK(step.score().fallbacks.same_decision == 1);
  CHECK(step.score().all.predicted == 1);
}

TEST_CASE("a fallback that ours would not take is scored wrong and followed") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {1, 8});
  add_free(snapshot, 2, kM, {4});
  Replayed step(snapshot, {toy_fallback(8, 0, kU, 0, kM, false)});
  CHECK(step.score().fallbacks.total == 1);
  CHECK(step.score().fallbacks.same_decision == 0);
  CHECK(step.corrected("fallback_decided_otherwise") == 1);
  CHECK(step.listed(0, kM) == "1");
}

TEST_CASE("the memory of a steal ends with the allocation that the refill was for") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {1, 3, 5});
  snapshot.classes.assign(1024 + 16, static_cast<std::uint8_t>(PageClass::file));
  Replayed step(snapshot, {toy_fallback(1, 0, kU, 0, kM, false), toy_fallback(3, 0, kU, 0, kM, false),
                           toy_event(EventKind::alloc, 1, 0, kU), toy_event(EventKind::pcpu_drain, 7, 0, kU),
                           locked(7, 0, kU)});
  CHECK(step.score().fallbacks.same_decision == 2);
  CHECK(step.score().all.predicted == 1);
}

TEST_CASE("an unannounced allocation amid a refill that steals does not end it") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {1, 3, 5});
  snapshot.classes.assign(1024 + 16, static_cast<std::uint8_t>(PageClass::file));
  TraceEvent unannounced = toy_event(EventKind::alloc, 1, 0, kU);
  unannounced.announced = false;
  Replayed step(snapshot, {toy_fallback(1, 0, kU, 0, kM, false), unannounced, toy_fallback(3, 0, kU, 0, kM, false)});
  CHECK(step.score().fallbacks.same_decision == 2);
}

TEST_CASE("a page captured by direct compaction was on no list and is no fallback") {
  LockStepInput input;
  input.first_compaction = Ns{0};
  Replayed step(three_free_pages(), {toy_fallback(8, 1, kU, 1, kM, false)}, input);
  CHECK(step.score().fallbacks.total == 0);
  CHECK(step.lock_step.counts().skipped.counts().at("captured_by_compaction") == 1);
}

TEST_CASE("nobody compacts for a single page: one from behind the head is a steal decided otherwise") {
  LockStepInput input;
  input.first_compaction = Ns{0};
  Replayed step(three_free_pages(), {toy_fallback(4, 0, kU, 0, kM, false)}, input);
  CHECK(step.score().fallbacks.total == 1);
  CHECK(step.corrected("fallback_decided_otherwise") == 1);
  CHECK(step.listed(0, kM) == "6 2");
}

TEST_CASE("what steals pass over twice, taking from a larger order, is not on its list") {
  KernelSnapshot snapshot = toy_snapshot("RR");
  add_free(snapshot, 0, kR, {1});
  add_free(snapshot, 1, kR, {4, 8});
  const auto steal = [](std::uint64_t offset) { return toy_fallback(offset, 0, kU, 1, kR, false); };
  CHECK(Replayed(snapshot, {steal(4)}).corrected("passed_over") == 0);
  Replayed step(snapshot, {steal(4), toy_event(EventKind::alloc, 5, 0, kR), steal(8)});
  CHECK(step.corrected("passed_over") == 1);
  CHECK(step.listed(0, kR) == "9");
}

TEST_CASE("what happens up to the first compaction is scored by itself") {
  LockStepInput input;
  input.first_compaction = Ns{5000};
  Replayed step(three_free_pages(), {at(1, locked(6, 0, kM)), at(9, locked(4, 0, kM))}, input);
  REQUIRE(step.lock_step.counts().before_compaction);
  CHECK(step.lock_step.counts().before_compaction->all.total == 1);
  CHECK(step.score().all.total == 2);
}

TEST_CASE("compaction takes free blocks off, and free pages that contents move to") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {2, 8});
  TraceEvent move = toy_event(EventKind::migrate, 5, 0, kM);
  move.to = toy_page(9);
  Replayed step(snapshot, {toy_event(EventKind::isolate, 2, 1, kM), move});
  CHECK(step.listed(1, kM).empty());
  CHECK(step.listed(0, kM).empty());
}

TEST_CASE("what the kernel passes over twice, taking from a larger order, is not on its list") {
  KernelSnapshot snapshot = toy_snapshot("MMM");
  add_free(snapshot, 0, kM, {1});
  add_free(snapshot, 3, kM, {8, 16});
  Replayed once(snapshot, {locked(8, 0, kM)});
  CHECK(once.corrected("passed_over") == 0);
  Replayed twice(snapshot, {locked(8, 3, kM), locked(16, 0, kM), locked(17, 0, kM), locked(18, 0, kM)});
  CHECK(twice.corrected("passed_over") == 1);
  CHECK(twice.listed(0, kM) == "19");
}

TEST_CASE("free blocks in a range that compaction took from leave the lists, unless each isolation is recorded") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, {1, 3, 9});
  TraceEvent range = toy_event(EventKind::isolate_range, 0, 0, kM);
  range.to = toy_page(8);
  range.gfp = 2;
  CHECK(Replayed(snapshot, {range}).listed(0, kM) == "9");
  LockStepInput recorded;
  recorded.isolations = true;
  CHECK(Replayed(snapshot, {range}, recorded).listed(0, kM) == "1 3 9");
}

TEST_CASE("a range of whole pageblocks is an allocation of contiguous pages, which are movable when they are freed") {
  KernelSnapshot snapshot = toy_snapshot("UUM");
  add_free(snapshot, 3, kU, {0, 8});
  TraceEvent range = toy_event(EventKind::isolate_range, 0, 0, kM);
  range.to = toy_page(16);
  range.gfp = 16;
  Replayed step(snapshot, {range, toy_event(EventKind::free, 0, 4, kM)});
  CHECK(step.listed(4, kM) == "0");
}

TEST_CASE("events that contradict the model are counted, and the recording is followed") {
  TraceEvent foreign = locked(0, 0, kM);
  foreign.pfn = Pfn{77};
  Replayed step(three_free_pages(), {toy_event(EventKind::free, 6, 0, kM), toy_event(EventKind::pcpu_drain, 2, 0, kM),
                                     toy_event(EventKind::alloc, 4, 0, kU), foreign, locked(12, 0, kM)});
  CHECK(step.lock_step.counts().skipped.counts().at("outside_of_zones") == 1);
  CHECK(step.corrected("freed_while_free") == 1);
  CHECK(step.corrected("returned_while_free") == 1);
  CHECK(step.corrected("allocated_while_free") == 1);
  CHECK(step.corrected("removed_while_allocated") == 1);
  CHECK(step.listed(0, kM) == "2");
}

TEST_CASE("a page that returns as isolated shows that its pageblock is, until one leaves as something else") {
  Replayed isolated(three_free_pages(), {toy_event(EventKind::pcpu_drain, 0, 0, Migratetype::isolate)});
  CHECK(isolated.world.zone().pageblock(toy_page(0)).type == Migratetype::isolate);
  CHECK(isolated.world.zone().free_pages_exact() == NrPages{0});
  Replayed ended(three_free_pages(), {toy_event(EventKind::pcpu_drain, 0, 0, Migratetype::isolate), locked(2, 0, kM)});
  CHECK(ended.world.zone().pageblock(toy_page(0)).type == kM);
}
