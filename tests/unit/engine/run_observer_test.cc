// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/run_observer.h"

#include <doctest/doctest.h>

#include "run_rig.h"
#include "sim/engine/simulation.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("an observer may leave out whatever it does not care for") {
  RunObserver deaf;
  Scenario scenario = small_scenario();
  scenario.workloads.push_back(small_churn("pages", "100/s"));
  CHECK(Simulation(scenario, {}, deaf).run().outcome == "completed");
}
