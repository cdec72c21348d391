// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/simulation.h"

#include <doctest/doctest.h>

#include <csignal>
#include <stdexcept>

#include "run_rig.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

std::uint64_t frees(const Sample& sample) { return vmstat_value(sample.counters.vmstat, "pgfree"); }

Scenario busy_scenario() {
  Scenario scenario = small_scenario();
  scenario.workloads.push_back(small_churn("pages", "5k/s"));
  return scenario;
}

}  // namespace

TEST_CASE("samples come at zero, every interval and at the end") {
  Scenario scenario = busy_scenario();
  scenario.duration = 2500ms;
  Notebook notes;
  Simulation simulation(scenario, {.check_invariants = true, .check_every = 2000}, notes);
  const RunEnding ending = simulation.run();
  std::vector<Ns> times;
  for (const Sample& sample : notes.samples) {
    times.push_back(sample.time);
  }
  CHECK(times == std::vector<Ns>{0s, 1s, 2s, 2500ms});
  CHECK(ending.outcome == "completed");
  CHECK(ending.simulated == 2500ms);
  CHECK(notes.endings.size() == 1);
  CHECK(simulation.signal() == 0);
}

TEST_CASE("what happened in the warm-up is not counted, but what it left is there") {
  Notebook notes;
  Simulation simulation(busy_scenario(), {}, notes);
  simulation.run();
  CHECK(frees(notes.samples.front()) == 0);
  const std::uint64_t free_at_start = notes.samples.front().free_pages().value;
  CHECK(notes.samples.back().free_pages().value == doctest::Approx(static_cast<double>(free_at_start)).epsilon(0.05));
  CHECK(frees(notes.samples.back()) > 10000);
}

TEST_CASE("a signal ends the run with all samples so far") {
  class Impatient : public Notebook {
    void on_progress(const RunProgress& report) override {
      if (report.simulated >= 2500ms && endings.empty()) {
        std::raise(SIGTERM);
      }
    }
  } notes;
  Simulation simulation(busy_scenario(), {}, notes);
  CHECK(simulation.run().outcome == "interrupted");
  CHECK(simulation.signal() == SIGTERM);
  CHECK(notes.samples.size() == 2);
}

TEST_CASE("a signal before measured time leaves one sample") {
  class Impatient : public Notebook {
    void on_progress(const RunProgress&) override { std::raise(SIGINT); }
  } notes;
  Simulation simulation(busy_scenario(), {}, notes);
  CHECK(simulation.run().outcome == "interrupted");
  CHECK(notes.samples.size() == 1);
}

TEST_CASE("what an observer throws comes out of the run") {
  class Full : public RunObserver {
    void on_sample(const Sample& sample) override {
      if (sample.time > 0s) {
        throw std::runtime_error("disk full");
      }
    }
  } observer;
  Simulation simulation(busy_scenario(), {}, observer);
  CHECK_THROWS_WITH(simulation.run(), "disk full");
}

TEST_CASE("an extra workload runs from the beginning beside the scenario's") {
  Notebook notes;
  RunOptions options;
  options.extra_workload = [](WorkloadHost& host) {
    const ScenarioWorkload extra = small_churn("extra", "2k/s");
    return churn_model().make(extra.name, extra.params, 1, host);
  };
  Simulation simulation(small_scenario(), options, notes);
  simulation.run();
  REQUIRE(!notes.samples.empty());
  CHECK(notes.samples.back().counters.allocs == doctest::Approx(6000).epsilon(0.05));
}
