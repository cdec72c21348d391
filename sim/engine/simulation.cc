// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/simulation.h"

#include <memory>
#include <string>
#include <utility>

#include "sim/engine/crew.h"
#include "sim/engine/interrupt.h"

namespace gbsim {

/** The world of a run: nothing here acts by itself. */
struct Simulation::Impl {
  Impl(const Scenario& wanted, const RunOptions& wishes, RunObserver& listener);
  void boot();
  RunEnding finish();

  Scenario scenario;
  RunOptions options;
  RunObserver& observer;
  Actors actors;
  SimulatedMachine machine;
  CpuLedger ledger;
  InvariantWatch watch;
  Recorder recorder;
  WorkloadSet workloads;
  std::string extra;               // the workload that is not the scenario's
  std::unique_ptr<Tracer> tracer;  // if the run is to be traced
  Stage stage;
  int signal = 0;
};

Simulation::Impl::Impl(const Scenario& wanted, const RunOptions& wishes, RunObserver& listener)
    : scenario(wanted),
      options(wishes),
      observer(listener),
      actors(scenario.machine.cpus),
      machine(scenario, actors.clock().clock()),
      ledger(scenario.machine.cpus, machine.tunables.slice),
      watch(machine.memory, options.check_invariants ? options.check_every : 0),
      recorder(machine, ledger, observer, scenario.warmup),
      tracer(options.trace != TraceDetail::none
                 ? std::make_unique<Tracer>(
                       machine.memory, observer, scenario.warmup, [this] { return workloads.running_now(); },
                       options.trace == TraceDetail::frequent)
                 : nullptr),
      stage{actors, machine.memory, ledger, watch, tracer.get()} {
  add_workloads(workloads, scenario, machine.host);
  if (options.extra_workload) {
    auto workload = options.extra_workload(machine.host);
    extra = workload->name();
    workloads.add(std::move(workload));
  }
  workloads.set_kill_listener([this](const Workload& victim, NrPages pages) {
    recorder.event({.event = "oom_kill", .pages = pages.value, .detail = victim.name()});
  });
  machine.gigablock_defrag.on_run_end([this](const GigablockDefragRun& run) {
    recorder.event({.event = "defrag",
                    .gigablock = run.gigablock,
                    .pages = run.migrated.value,
                    .duration = machine.memory.clock().now - run.began,
                    .detail = std::to_string(run.pageblocks_freed) + " pageblocks freed"});
  });
}

/** What exists from the beginning costs nobody simulated time. */
void Simulation::Impl::boot() {
  recorder.boot();
  for (const ScenarioWorkload& workload : scenario.workloads) {
    if (!workload.start) {
      workloads.start(workload.name);
    }
  }
  if (!extra.empty()) {
    workloads.start(extra);
  }
}

RunEnding Simulation::Impl::finish() {
  signal = Interrupt::seen();
  if (!recorder.begun()) {
    recorder.begin();
    recorder.sample();
  }
  if (tracer) {
    tracer->finish();
  }
  const RunEnding ending = recorder.ending(signal != 0 ? "interrupted" : "completed");
  observer.on_finish(ending);
  return ending;
}

Simulation::Simulation(const Scenario& scenario, const RunOptions& options, RunObserver& observer)
    : impl_(std::make_unique<Impl>(scenario, options, observer)) {}

Simulation::~Simulation() = default;

RunEnding Simulation::run() {
  const Interrupt interrupt;
  Crew crew(impl_->stage, impl_->machine, impl_->workloads, impl_->recorder, impl_->scenario,
            CrewRules{impl_->options.check_invariants, impl_->options.daemons});
  impl_->boot();
  impl_->actors.run();
  return impl_->finish();
}

int Simulation::signal() const {
  return impl_->signal;
}

const Memory& Simulation::memory() const {
  return impl_->machine.memory;
}

}  // namespace gbsim
