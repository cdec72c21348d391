// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/recorder.h"

#include <doctest/doctest.h>

#include "run_rig.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Allocates and frees @count base pages. */
void use_pages(RunRig& rig, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const auto pfn = rig.machine.allocator.alloc_pages({Order{0}, gfp::kKernel, CpuId{0}, NodeId{0}});
    REQUIRE(pfn);
    rig.machine.memory.free_pages(*pfn, Order{0}, CpuId{0});
  }
}

}  // namespace

TEST_CASE("events before measured time are dropped, later ones carry their time") {
  RunRig rig(small_scenario());
  rig.actors.spawn("teller", 0, [&] {
    rig.recorder.event({.event = "early"});
    rig.actors.clock().sleep_until(1s);
    rig.recorder.begin();
    rig.actors.clock().sleep_until(1500ms);
    rig.recorder.event({.event = "late"});
    rig.actors.clock().stop();
  });
  rig.actors.run();
  REQUIRE(rig.notebook.event_names() == std::vector<std::string>{"late"});
  CHECK(rig.notebook.events[0].time == 500ms);
}

TEST_CASE("samples count from the beginning of measured time, latency too") {
  RunRig rig(small_scenario());
  use_pages(rig, 5);
  rig.recorder.begin();
  use_pages(rig, 3);
  rig.recorder.sample();
  REQUIRE(rig.notebook.samples.size() == 1);
  CHECK(rig.notebook.samples[0].counters.orders[0].attempts == 3);
  REQUIRE_FALSE(rig.notebook.latency.empty());
  CHECK(rig.notebook.latency.back().count == 3);
}

TEST_CASE("what boots is shown before measured time, with the zones and counters that samples have") {
  RunRig rig(small_scenario());
  rig.recorder.boot();
  rig.recorder.begin();
  rig.recorder.sample();
  REQUIRE(rig.notebook.boots.size() == 1);
  const Sample& boot = rig.notebook.boots[0];
  CHECK(boot.time == -rig.scenario.warmup);
  CHECK(boot.zones.size() == rig.notebook.samples[0].zones.size());
  CHECK(boot.counters.orders.size() == rig.notebook.samples[0].counters.orders.size());
  CHECK(boot.counters.vmstat.size() == rig.notebook.samples[0].counters.vmstat.size());
}

TEST_CASE("a snapshot is a sample of its own") {
  RunRig rig(small_scenario());
  rig.recorder.begin();
  rig.recorder.snapshot();
  CHECK(rig.notebook.samples.empty());
  CHECK(rig.notebook.snapshots.size() == 1);
}

TEST_CASE("progress tells simulated time since boot and all page operations") {
  RunRig rig(small_scenario());
  use_pages(rig, 2);
  rig.recorder.progress(0.25);
  REQUIRE(rig.notebook.progress.size() == 1);
  CHECK(rig.notebook.progress[0].fraction == 0.25);
  CHECK(rig.notebook.progress[0].page_operations == page_operations(rig.machine.memory));
}

TEST_CASE("memory is looked at between samples only if the observer wants it, and nothing else is recorded") {
  RunRig rig(small_scenario());
  rig.recorder.progress(0.1);
  CHECK(rig.notebook.glimpses.empty());
  rig.notebook.curious = true;
  use_pages(rig, 3);
  rig.recorder.progress(0.2);
  REQUIRE(rig.notebook.glimpses.size() == 1);
  CHECK(rig.notebook.glimpses[0].counters.orders[0].attempts == 3);
  CHECK(rig.notebook.samples.empty());
  CHECK(rig.notebook.latency.empty());
}

TEST_CASE("a run that ends in its warm-up has simulated nothing") {
  RunRig rig(small_scenario());
  CHECK(rig.recorder.ending("interrupted").simulated == 0ns);
  CHECK(rig.recorder.ending("interrupted").outcome == "interrupted");
}
