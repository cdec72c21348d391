// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/crew.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "run_rig.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("every CPU works through all of simulated time, window by window") {
  RunRig rig(small_scenario());
  std::map<std::uint16_t, Ns> covered;
  bool gaps = false;
  run_fake(rig.workloads, "load", [&](CpuId cpu, Ns from, Ns to) {
    gaps = gaps || from != covered[cpu.value];
    covered[cpu.value] = to;
  });
  const Crew crew(rig.stage, rig.machine, rig.workloads, rig.recorder, rig.scenario, {.check_samples = true});
  rig.actors.run();
  CHECK_FALSE(gaps);
  REQUIRE(covered.size() == 2);
  CHECK(std::ranges::all_of(covered, [](const auto& cpu) { return cpu.second >= 3990ms; }));
}

TEST_CASE("a run reports ten times a simulated second how far it has come") {
  RunRig rig(small_scenario());
  const Crew crew(rig.stage, rig.machine, rig.workloads, rig.recorder, rig.scenario, {});
  rig.actors.run();
  const auto& reports = rig.notebook.progress;
  CHECK(reports.size() >= 39);
  CHECK(std::ranges::is_sorted(reports, {}, &RunProgress::fraction));
  CHECK(reports.back().fraction <= 1.0);
}

TEST_CASE("measured time begins after the warm-up") {
  RunRig rig(small_scenario());
  const Crew crew(rig.stage, rig.machine, rig.workloads, rig.recorder, rig.scenario, {});
  rig.actors.run();
  CHECK(rig.notebook.samples.size() == 4);
  CHECK(rig.recorder.ending("completed").simulated == 3s);
}
