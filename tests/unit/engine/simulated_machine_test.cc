// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/simulated_machine.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "run_rig.h"
#include "sim/scenario/schema.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("a machine is built as its scenario says") {
  Scenario scenario = small_scenario();
  scenario.machine.memory = std::uint64_t{1} << 30U;
  scenario.machine.movablecore = std::uint64_t{256} << 20U;
  const Clock clock;
  const SimulatedMachine machine(scenario, clock);
  CHECK(machine.memory.nr_cpus() == 2);
  NrPages movable{};
  for (unsigned i = 0; i < machine.memory.nr_zones(); ++i) {
    movable += machine.memory.zone(i).type() == ZoneType::movable ? machine.memory.zone(i).present() : NrPages{};
  }
  CHECK(movable == NrPages{65536});
}

TEST_CASE("the smallest nodes a scenario may have are built, as many as it may have") {
  const auto bound_of = [](std::string_view name) { return Params(machine_specs()).find(name); };
  const auto least = static_cast<std::uint64_t>(bound_of("memory")->min);
  const auto most_nodes = static_cast<unsigned>(bound_of("nodes")->max);
  for (const unsigned nodes : {1U, most_nodes}) {
    CAPTURE(nodes);
    Scenario scenario = small_scenario();
    scenario.machine = {.nodes = nodes, .cpus = nodes, .memory = nodes * least};
    const Clock clock;
    CHECK(SimulatedMachine(scenario, clock).memory.nr_nodes() == nodes);
    scenario.machine.memory -= kPageSize;
    CHECK_THROWS_AS(SimulatedMachine(scenario, clock), InvariantViolation);
  }
}

TEST_CASE("a scenario's tunables are those of the machine") {
  Scenario scenario = small_scenario();
  REQUIRE_FALSE(scenario.tunables.set("engine.slice", "5ms"));
  const Clock clock;
  CHECK(SimulatedMachine(scenario, clock).tunables.slice == 5ms);
}

TEST_CASE("a placement or a kind of per-CPU lists that does not exist is refused by name") {
  const Clock clock;
  Scenario placement = small_scenario();
  placement.placement = "magic";
  CHECK_THROWS_WITH_AS(SimulatedMachine(placement, clock), doctest::Contains("magic"), std::invalid_argument);
  Scenario pcp = small_scenario();
  pcp.pcp = "magic";
  CHECK_THROWS_WITH_AS(SimulatedMachine(pcp, clock), doctest::Contains("magic"), std::invalid_argument);
}

TEST_CASE("the CPUs of a node stand together, and a node without any uses all") {
  Scenario scenario = small_scenario();
  scenario.machine = {.nodes = 2, .cpus = 4, .memory = std::uint64_t{4} << 30U};
  const Clock clock;
  const SimulatedMachine machine(scenario, clock);
  CHECK(cpus_of(machine.memory, NodeId{0}).first == CpuId{0});
  CHECK(cpus_of(machine.memory, NodeId{1}).first == CpuId{2});
  CHECK(cpus_of(machine.memory, NodeId{1}).count == 2);
  CHECK(cpus_of(machine.memory, NodeId{7}).count == 4);
}
