// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/crew.h"

#include <algorithm>

#include "sim/engine/interrupt.h"
#include "sim/mm/invariants.h"

namespace gbsim {

namespace {

/** CPUs are spread over so many instants of a slice: daemons get in between, and wake-ups still come in batches. */
constexpr unsigned kPhases = 4;

constexpr std::int64_t kSlicesPerReport = 10;

}  // namespace

Crew::Crew(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, Recorder& recorder,
           const Scenario& scenario, CrewRules rules)
    : stage_(stage),
      machine_(machine),
      recorder_(recorder),
      scenario_(scenario),
      rules_(rules),
      lock_pricing_(machine.costs, machine.memory.nr_nodes()),
      daemons_(stage, machine, workloads, rules.daemons),
      timeline_(stage, machine, workloads, recorder, scenario, [this] {
        std::ranges::for_each(cpus_, [](const auto& cpu) { cpu->wake(); });
      }) {
  const Ns slice = machine.tunables.slice;
  stage.actors.spawn("dispatcher", 0, [this] { keep_house(); });
  for (unsigned i = 0; i < machine.memory.nr_cpus(); ++i) {
    const CpuPlan plan{CpuId{i}, slice, slice * (i % kPhases) / kPhases};
    cpus_.push_back(std::make_unique<CpuActor>(stage, plan, workloads, machine.pressure.direct_times()));
    lock_pricing_.add_cpu(cpus_.back()->meter());
  }
  stage.actors.spawn("sampler", 0, [this] { take_samples(); });
  machine.pressure.connect(daemons_, workloads);
}

double Crew::fraction() const {
  const auto total = static_cast<double>((scenario_.warmup + scenario_.duration).count());
  return total > 0 ? static_cast<double>(stage_.clock().now().count()) / total : 1.0;
}

// Signals, devices and the price of the lock, once a slice.
void Crew::keep_house() {
  const Ns slice = machine_.tunables.slice;
  for (std::int64_t round = 1; !stage_.clock().stopping(); ++round) {
    stage_.clock().sleep_until(slice * round);
    machine_.memory.set_meter(machine_.idle_meter);
    machine_.reclaim.writeback().complete(stage_.clock().now());
    lock_pricing_.update(slice);
    machine_.migration.set_lock_busy_share(lock_pricing_.utilisation());
    if (stage_.tracer != nullptr) {
      stage_.tracer->flush();
    }
    if (round % kSlicesPerReport == 0) {
      recorder_.progress(fraction());
    }
    if (Interrupt::seen() != 0) {
      stage_.clock().stop();
    }
  }
}

void Crew::sample() {
  if (rules_.check_samples) {
    check_memory(machine_.memory);
  }
  if (stage_.tracer != nullptr) {
    stage_.tracer->flush();
  }
  recorder_.sample();
}

void Crew::take_samples() {
  SimClock& clock = stage_.clock();
  clock.sleep_until(scenario_.warmup);
  if (clock.stopping()) {
    return;
  }
  recorder_.begin();
  sample();
  for (Ns at{0}; at < scenario_.duration && !clock.stopping();) {
    at = std::min(at + scenario_.sample, scenario_.duration);
    clock.sleep_until(scenario_.warmup + at);
    if (!clock.stopping()) {
      sample();
    }
  }
  clock.stop();
}

}  // namespace gbsim
