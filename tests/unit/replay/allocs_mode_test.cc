// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/allocs_mode.h"

#include <doctest/doctest.h>

#include "sim/recording/byte_source.h"
#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("calls of a recording are followed from snapshot to snapshot") {
  KernelSnapshot start = toy_snapshot("UU", 1);
  add_free(start, 0, Migratetype::unmovable, {6, 2});
  KernelSnapshot end = toy_snapshot("UU", 1);
  add_free(end, 0, Migratetype::unmovable, {2});
  ToyRecording recording;
  recording.add("start", 10, start);
  recording.add("end", 50, end);
  recording.event(20, "mm_page_alloc", 6, "order=0 migratetype=0 gfp_flags=GFP_KERNEL");
  ReplayRequest request;
  request.trace = recording.trace();
  const ReplayOutcome outcome = replay_allocs(request);
  CHECK(outcome.mode == "allocs");
  CHECK(outcome.counts.whole.all.total == 1);
  CHECK(outcome.counts.whole.all.predicted == 1);
  REQUIRE(outcome.snapshots.size() == 1);
  CHECK(outcome.snapshots[0].label == "end");
}

TEST_CASE("after a miss list events lead back, so that the rest of a refill is foretold, where calls alone know less") {
  KernelSnapshot start = toy_snapshot("UU", 1);
  add_free(start, 0, Migratetype::unmovable, {6, 2, 12});
  ToyRecording recording;
  recording.add("start", 10, start);
  const std::string kRefill = "order=0 migratetype=0 cpu=0 percpu_refill=1";
  const std::string kCall = "order=0 migratetype=0 gfp_flags=GFP_KERNEL";
  recording.event(20, "mm_page_alloc_zone_locked", 2, kRefill);
  recording.event(21, "mm_page_alloc_zone_locked", 12, kRefill);
  recording.event(22, "mm_page_alloc", 2, kCall);
  recording.event(23, "mm_page_alloc", 12, kCall);
  recording.event(24, "mm_page_alloc_zone_locked", 6, kRefill);
  recording.event(25, "mm_page_alloc", 6, kCall);
  ReplayRequest request;
  request.trace = recording.trace();
  const ReplayOutcome outcome = replay_allocs(request);
  CHECK(outcome.counts.whole.all.total == 3);
  CHECK(outcome.counts.whole.all.predicted == 2);
  CHECK(outcome.counts.corrections.count("led_back_to_the_lists") == 1);
  request.calls_only = true;
  CHECK(replay_allocs(request).counts.corrections.count("led_back_to_the_lists") == 0);
}

TEST_CASE("a recording without allocations is refused with what is needed") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("UU", 1));
  recording.event(20, "mm_page_free", 3, "order=0");
  ReplayRequest request;
  request.trace = recording.trace();
  CHECK_THROWS_WITH_AS(replay_allocs(request), doctest::Contains("no mm_page_alloc among its 1 events: mode allocs"),
                       BadRecording);
}

TEST_CASE("a recording without snapshots is refused") {
  test::TempDir dir;
  std::ofstream(dir.path() / "trace.txt")
      << "  toy-1  [000]  0.000020: mm_page_free: pfn=0x400 order=0\n";
  ReplayRequest request;
  request.trace = dir.path() / "trace.txt";
  CHECK_THROWS_WITH_AS(replay_allocs(request), doctest::Contains("no snapshot"), BadRecording);
}
