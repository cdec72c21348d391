// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine_fixture.h"
#include "sim/engine/recorder.h"
#include "sim/engine/run_observer.h"
#include "sim/engine/simulated_machine.h"
#include "sim/workload/models.h"

namespace gbsim::test {

/** Two CPUs, 256 MiB, one second of warm-up, three measured, nothing running. */
inline Scenario small_scenario() {
  Scenario scenario;
  scenario.name = "small";
  scenario.machine = {.nodes = 1, .cpus = 2, .memory = std::uint64_t{256} << 20U};
  scenario.warmup = 1s;
  scenario.duration = 3s;
  scenario.sample = 1s;
  return scenario;
}

/** A churn instance @name of one class: order 0, movable, one second each. */
inline ScenarioWorkload small_churn(const std::string& name, const std::string& rate) {
  ScenarioWorkload workload;
  workload.name = name;
  workload.model = "churn";
  workload.params = Params(churn_model().params);
  Params row(workload.params.find("classes")->items);
  for (const auto& [key, value] : {std::pair{"rate", rate}, std::pair{"life", std::string("fixed 1s")}}) {
    if (const auto error = row.set(key, value)) {
      throw std::invalid_argument(*error);
    }
  }
  workload.params.set_list("classes", {row});
  return workload;
}

/** Keeps all that a run tells. */
class Notebook : public RunObserver {
 public:
  void on_boot(const Sample& sample) override { boots.push_back(sample); }
  void on_sample(const Sample& sample) override { samples.push_back(sample); }
  void on_snapshot(const Sample& sample) override { snapshots.push_back(sample); }
  void on_event(const RunEvent& event) override { events.push_back(event); }
  void on_latency(std::span<const LatencyRow> rows) override { latency.assign(rows.begin(), rows.end()); }
  void on_progress(const RunProgress& report) override { progress.push_back(report); }
  bool wants_glimpse() override { return curious; }
  void on_glimpse(const Sample& sample) override { glimpses.push_back(sample); }
  void on_finish(const RunEnding& ending) override { endings.push_back(ending); }

  /** Names of the events, in order. */
  std::vector<std::string> event_names() const {
    std::vector<std::string> names;
    for (const RunEvent& event : events) {
      names.push_back(event.event);
    }
    return names;
  }

  std::vector<Sample> boots;
  std::vector<Sample> samples;
  std::vector<Sample> snapshots;
  std::vector<RunEvent> events;
  std::vector<LatencyRow> latency;
  std::vector<RunProgress> progress;
  bool curious = false;
  std::vector<Sample> glimpses;
  std::vector<RunEnding> endings;
};

/** Everything that a run needs but those who act. At most one a process. */
struct RunRig {
  explicit RunRig(Scenario wanted)
      : scenario(std::move(wanted)),
        actors(scenario.machine.cpus),
        machine(scenario, actors.clock().clock()),
        ledger(scenario.machine.cpus, machine.tunables.slice),
        watch(machine.memory, 0),
        recorder(machine, ledger, notebook, scenario.warmup) {}

  void stop_at(Ns end) { stop_run(actors, end); }

  Scenario scenario;
  Notebook notebook;
  Actors actors;
  SimulatedMachine machine;
  CpuLedger ledger;
  InvariantWatch watch;
  Recorder recorder;
  WorkloadSet workloads;
  Stage stage{actors, machine.memory, ledger, watch};
};

}  // namespace gbsim::test
