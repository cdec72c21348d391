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

/** Everything of a run that acts by itself. Actors start when Actors::run() is called; the crew outlives that. */
class Crew {
 public:
  Crew(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, Recorder& recorder,
       const Scenario& scenario, bool check_samples);
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
  bool check_samples_;
  LockPricing lock_pricing_;
  std::vector<std::unique_ptr<CpuActor>> cpus_;
  KernelDaemons daemons_;
  Timeline timeline_;
};

}  // namespace gbsim
