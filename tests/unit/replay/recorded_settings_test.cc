// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_settings.h"

#include <doctest/doctest.h>

#include "toy_recording.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

KernelSnapshot with_marks(std::array<std::uint64_t, 3> marks) {
  KernelSnapshot snapshot = toy_snapshot("MM");
  snapshot.zones[0].watermark = marks;
  return snapshot;
}

}  // namespace

TEST_CASE("watermarks that were set anew hold from the first snapshot that shows them") {
  ToyRecording recording;
  recording.add("start", 10, with_marks({1, 2, 3}));
  recording.add("later", 20, with_marks({4, 5, 6}));
  const SnapshotSet set(recording.dir());
  ToyReplayWorld world(with_marks({1, 2, 3}));
  RecordedSettings settings(&set, *set.start(Ns{0}).time);
  settings.apply_until(Ns{20'000}, *world.memory);
  CHECK(world.zone().low_wmark() == NrPages{2});
  settings.apply_until(Ns{25'000}, *world.memory);
  CHECK(world.zone().min_wmark() == NrPages{4});
  CHECK(world.zone().high_wmark() == NrPages{6});
}

TEST_CASE("a zone that the machine did not have at the start changes none of its zones") {
  KernelSnapshot other = with_marks({4, 5, 6});
  other.zones[0].start += NrPages{16};
  ToyRecording recording;
  recording.add("start", 10, with_marks({1, 2, 3}));
  recording.add("later", 20, other);
  const SnapshotSet set(recording.dir());
  ToyReplayWorld world(with_marks({1, 2, 3}));
  RecordedSettings(&set, *set.start(Ns{0}).time).apply_until(Ns{25'000}, *world.memory);
  CHECK(world.zone().low_wmark() == NrPages{2});
}

TEST_CASE("without snapshots nothing is set") {
  ToyReplayWorld world(with_marks({1, 2, 3}));
  RecordedSettings(nullptr, Ns{0}).apply_until(Ns::max(), *world.memory);
  CHECK(world.zone().low_wmark() == NrPages{2});
}

TEST_CASE("new watermarks end a boost and size per-CPU lists, unchanged ones leave both") {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  snapshot.zones[0].watermark = {1, 2, 4};
  ToyReplayWorld world(snapshot);
  REQUIRE(world.zone().boost_watermark(15000));
  const int high_min = world.zone().pcp(CpuId{0}).high_min;
  set_limits(world.zone(), snapshot.zones[0], world.tunables);
  CHECK(world.zone().boost() == NrPages{8});
  CHECK(world.zone().pcp(CpuId{0}).high_min == high_min);
  snapshot.zones[0].watermark = {100, 200, 300};
  set_limits(world.zone(), snapshot.zones[0], world.tunables);
  CHECK(world.zone().boost() == NrPages{0});
  CHECK(world.zone().pcp(CpuId{0}).high_min == 100);  // low, shared by two CPUs
}

TEST_CASE("CPUs that came after the first snapshot change nothing of those we have") {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  ToyReplayWorld world(snapshot);
  snapshot.zones[0].pcps.assign(400, PcpImage{.batch = 9});
  set_limits(world.zone(), snapshot.zones[0], world.tunables);
  CHECK(world.zone().pcp(CpuId{0}).batch == 9);
}
