// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lists_mode.h"

#include <doctest/doctest.h>

#include "sim/recording/byte_source.h"
#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

KernelSnapshot with_free(std::initializer_list<std::uint64_t> offsets) {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 0, kM, offsets);
  return snapshot;
}

ReplayOutcome replayed(const ToyRecording& recording) {
  ReplayRequest request;
  request.trace = recording.trace();
  return replay_lists(request);
}

}  // namespace

TEST_CASE("a recording is followed from snapshot to snapshot, and its lists come out equal") {
  ToyRecording recording;
  recording.add("start", 10, with_free({6, 2, 4}));
  recording.add("end", 50, with_free({9, 4}));
  recording.event(5, "mm_page_alloc_zone_locked", 8, "order=0 migratetype=1 percpu_refill=1");
  recording.event(20, "mm_page_alloc_zone_locked", 6, "order=0 migratetype=1 percpu_refill=1");
  recording.event(21, "mm_page_alloc_zone_locked", 2, "order=0 migratetype=1 percpu_refill=1");
  recording.event(30, "mm_page_pcpu_drain", 9, "order=0 migratetype=1");
  const ReplayOutcome outcome = replayed(recording);
  CHECK(outcome.mode == "lists");
  CHECK(outcome.counts.events == 3);
  CHECK(outcome.counts.skipped.count("before_first_snapshot") == 1);
  CHECK(outcome.counts.whole.all.total == 2);
  CHECK(outcome.counts.whole.all.predicted == 2);
  REQUIRE(outcome.snapshots.size() == 1);
  CHECK(outcome.snapshots[0].label == "end");
  CHECK(outcome.snapshots[0].lists.same_blocks());
  CHECK(outcome.snapshots[0].lists.same_order == outcome.snapshots[0].lists.lists);
}

TEST_CASE("a page that a later snapshot shows free was freed past its per-CPU list") {
  ToyRecording recording;
  recording.add("start", 10, with_free({6}));
  recording.add("end", 50, with_free({3, 6}));
  recording.event(20, "mm_page_free", 3, "order=0");
  recording.event(60, "mm_page_alloc_zone_locked", 3, "order=0 migratetype=1 percpu_refill=1");
  const ReplayOutcome outcome = replayed(recording);
  CHECK(outcome.counts.whole.all.predicted == 1);
  CHECK(outcome.snapshots[0].lists.same_blocks());
}

TEST_CASE("a recording without list events is refused with what to do instead") {
  ToyRecording recording;
  recording.add("start", 10, with_free({6}));
  recording.event(20, "mm_page_free", 3, "order=0");
  CHECK_THROWS_WITH_AS(replayed(recording), doctest::Contains("mode allocs"), BadRecording);
}
