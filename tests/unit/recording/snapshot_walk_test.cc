// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_walk.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("zones of snapshots come in order of time, when their time has come") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("MM"));
  recording.add("middle", 20, toy_snapshot("MU"));
  recording.add("end", 30, toy_snapshot("UU"));
  const SnapshotSet set(recording.dir());
  SnapshotWalk walk(&set, *set.start(Ns{0}).time, 1);
  CHECK(walk.due(Ns{20'000}) == nullptr);
  REQUIRE(walk.due(Ns{25'000}) != nullptr);
  CHECK(walk.snapshot().label == "middle");
  CHECK(walk.due(Ns{25'000}) == nullptr);
  const ZoneImage* last = walk.due(Ns::max());
  REQUIRE(last != nullptr);
  CHECK(last->pageblocks[0] == Migratetype::unmovable);
  CHECK(walk.due(Ns::max()) == nullptr);
}

TEST_CASE("a damaged snapshot is an error when its turn comes, not while it is loaded ahead") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("MM"));
  recording.add("middle", 20, toy_snapshot("MU"));
  recording.add("end", 30, toy_snapshot("UU"));
  std::ofstream(recording.dir() / "snaps/002_end/pgsnap") << "no words";
  const SnapshotSet set(recording.dir());
  SnapshotWalk walk(&set, *set.start(Ns{0}).time, 1);
  CHECK(walk.due(Ns{25'000}) != nullptr);
  CHECK_THROWS_WITH_AS(walk.due(Ns{25'000}), doctest::Contains("002_end/pgsnap"), BadRecording);
}

TEST_CASE("a later snapshot of another machine is refused") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("MM"));
  recording.add("end", 20, toy_snapshot("MMM"));
  const SnapshotSet set(recording.dir());
  const KernelSnapshot first = set.load(set.start(Ns{0}), 1);
  SnapshotWalk walk(&set, *set.start(Ns{0}).time, 1, &first);
  CHECK_THROWS_WITH_AS(walk.due(Ns::max()), doctest::Contains("zones are not those of the first"), BadRecording);
}

TEST_CASE("what pages were used for is read at the start only") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("MM"));
  recording.add("end", 30, toy_snapshot("UU"));
  const SnapshotSet set(recording.dir());
  for (const SnapshotEntry& entry : set.entries()) {
    std::ofstream(entry.files.path_of("kpageclass")) << std::string(1024 + 16, '\x05');
  }
  CHECK(set.load(set.start(Ns{0}), 1).classes.size() == 1024 + 16);
  SnapshotWalk walk(&set, *set.start(Ns{0}).time, 1);
  REQUIRE(walk.due(Ns::max()) != nullptr);
  CHECK(walk.snapshot().classes.empty());
}

TEST_CASE("classes of pages that end before the last zone does are refused") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("MM"));
  const SnapshotSet set(recording.dir());
  std::ofstream(set.entries()[0].files.path_of("kpageclass")) << std::string(1024 + 15, '\x05');
  CHECK_THROWS_WITH_AS(set.load(set.start(Ns{0}), 1),
                       doctest::Contains("kpageclass: error: at byte 1039: the file ends before page 1039"),
                       BadRecording);
}

TEST_CASE("without snapshots there is nothing to walk") {
  CHECK(SnapshotWalk(nullptr, Ns{0}, 1).due(Ns::max()) == nullptr);
}
