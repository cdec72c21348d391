// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/timeline.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "run_rig.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

using Names = std::vector<std::string>;

/** Runs the timeline of @rig alone, from the end of the warm-up. */
void run_timeline(RunRig& rig, const std::function<void()>& on_start = [] {}) {
  const Timeline timeline(rig.stage, rig.machine, rig.workloads, rig.recorder, rig.scenario, on_start);
  rig.actors.spawn("begin", 0, [&] {
    rig.actors.clock().sleep_until(rig.scenario.warmup);
    rig.recorder.begin();
  });
  rig.stop_at(rig.scenario.warmup + rig.scenario.duration);
  rig.actors.run();
}

}  // namespace

TEST_CASE("workloads start and stop when their scenario says, counted from measured time") {
  Scenario scenario = small_scenario();
  scenario.workloads.push_back(small_churn("late", "1/s"));
  scenario.workloads[0].start = 1s;
  scenario.workloads[0].stop = 2s;
  RunRig rig(scenario);
  rig.workloads.add(std::make_unique<FakeWorkload>("late", [](CpuId, Ns, Ns) {}));
  unsigned starts = 0;
  run_timeline(rig, [&] { ++starts; });
  CHECK(starts == 1);
  REQUIRE(rig.notebook.event_names() == Names{"start_workload", "stop_workload"});
  CHECK(rig.notebook.events[0].time == 1s);
  CHECK(rig.notebook.events[1].time == 2s);
  CHECK_FALSE(rig.workloads.any_running());
}

TEST_CASE("what is done at the very beginning of measured time is told") {
  Scenario scenario = small_scenario();
  scenario.timeline = {{.at = 0s, .kind = ActionKind::snapshot}, {.at = 0s, .kind = ActionKind::drop_caches}};
  RunRig rig(scenario);
  run_timeline(rig);
  REQUIRE(rig.notebook.event_names() == Names{"snapshot", "drop_caches"});
  CHECK(rig.notebook.events[0].time == 0s);
}

TEST_CASE("starting what runs already is no event") {
  Scenario scenario = small_scenario();
  scenario.timeline = {{.at = 1s, .kind = ActionKind::start_workload, .workload = "load"},
                       {.at = 2s, .kind = ActionKind::stop_workload, .workload = "load"}};
  RunRig rig(scenario);
  run_fake(rig.workloads, "load", [](CpuId, Ns, Ns) {});
  run_timeline(rig);
  CHECK(rig.notebook.event_names() == Names{"stop_workload"});
}

TEST_CASE("a tunable changes at its date, and what depends on it too") {
  Scenario scenario = small_scenario();
  scenario.timeline = {{.at = 1s, .kind = ActionKind::set, .tunable = "vm.min_free_kbytes", .value = "8192"}};
  RunRig rig(scenario);
  const NrPages before = rig.machine.memory.zone(0).min_wmark();
  run_timeline(rig);
  CHECK(rig.notebook.event_names() == Names{"set"});
  CHECK(rig.notebook.events[0].detail == "vm.min_free_kbytes=8192");
  CHECK(rig.machine.memory.zone(0).min_wmark() != before);
}

TEST_CASE("snapshots, dropped caches and compaction are told with what they did") {
  Scenario scenario = small_scenario();
  scenario.timeline = {{.at = 1s, .kind = ActionKind::snapshot},
                       {.at = 1s, .kind = ActionKind::drop_caches},
                       {.at = 2s, .kind = ActionKind::compact_memory}};
  RunRig rig(scenario);
  run_timeline(rig);
  CHECK(rig.notebook.snapshots.size() == 1);
  CHECK(rig.notebook.event_names() == Names{"snapshot", "drop_caches", "compact_memory"});
  CHECK(rig.notebook.events[1].pages == 0);
}

TEST_CASE("1 GiB pages are taken one after the other, held, and given back") {
  Scenario scenario = small_scenario();
  scenario.machine.memory = std::uint64_t{8} << 30U;
  scenario.timeline = {{.at = 500ms, .kind = ActionKind::allocate_1g, .count = 2, .hold = 1s}};
  RunRig rig(scenario);
  run_timeline(rig);
  REQUIRE(rig.notebook.event_names() == Names{"allocate_1g", "allocate_1g", "free_1g"});
  CHECK(rig.notebook.events[0].detail == "allocated");
  CHECK(rig.notebook.events[0].gigablock != rig.notebook.events[1].gigablock);
  CHECK(rig.notebook.events[2].pages == 2 * 262144);
  CHECK(rig.machine.contig.held() == 0);
}

TEST_CASE("a machine too small for a 1 GiB page says so") {
  Scenario scenario = small_scenario();
  scenario.timeline = {{.at = 500ms, .kind = ActionKind::allocate_1g, .count = 1}};
  RunRig rig(scenario);
  run_timeline(rig);
  REQUIRE(rig.notebook.event_names() == Names{"allocate_1g"});
  CHECK(rig.notebook.events[0].detail == "failed");
}
