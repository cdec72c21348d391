// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sim/engine/cpu_actor.h"
#include "sim/engine/kernel_daemons.h"
#include "sim/engine/lock_pricing.h"
#include "sim/engine/recorder.h"
#include "sim/engine/timeline.h"

namespace gbsim {

/** What the crew of a run does, or leaves. */
struct CrewRules {
  bool check_samples = false;  // recount all memory at every sample
  bool daemons = true;         // kernel daemons work when woken
};

/** Everything of a run that acts by itself. Actors start when Actors::run() is called; the crew outlives that. */
class Crew {
 public:
  Crew(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, Recorder& recorder,
       const Scenario& scenario, CrewRules rules);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

 private:
  void keep_house();
  void take_samples();
  void sample();
  double fraction() const;

  Stage stage_;
  SimulatedMachine& machine_;
  Recorder& recorder_;
  const Scenario& scenario_;
  CrewRules rules_;
  LockPricing lock_pricing_;
  std::vector<std::unique_ptr<CpuActor>> cpus_;
  KernelDaemons daemons_;
  Timeline timeline_;
};

}  // namespace gbsim
