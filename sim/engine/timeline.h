// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>

#include "sim/engine/deed_queue.h"
#include "sim/engine/recorder.h"
#include "sim/engine/simulated_machine.h"
#include "sim/engine/workload_set.h"
#include "sim/scenario/scenario.h"

namespace gbsim {

/**
 * What happens to the machine from outside: workloads starting and stopping, and a scenario's timeline. What takes
 * time (huge pages, compaction, dropping caches) is done by one operator after the other; the rest keeps its date.
 */
class Timeline {
 public:
  /** @on_start runs after workloads were started. References outlive the timeline; @scenario too. */
  Timeline(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, Recorder& recorder,
           const Scenario& scenario, std::function<void()> on_start);

 private:
  void schedule_workloads(const Scenario& scenario);
  void schedule(const TimelineAction& action);
  void start(const std::string& name);
  void stop(const std::string& name);
  void set(const TimelineAction& action);
  void snapshot();
  void allocate_1g(const TimelineAction& action);
  void allocate_one_1g(CpuId cpu);
  /** Requests of workloads too. */
  void record_1g(const Hugepage1gAttempt& attempt);
  void free_1g(unsigned count, CpuId cpu);
  void compact_memory(CpuId cpu);
  void drop_caches(CpuId cpu);

  SimulatedMachine& machine_;
  WorkloadSet& workloads_;
  Recorder& recorder_;
  const Clock& clock_;
  Ns warmup_;
  std::function<void()> on_start_;
  unsigned next_node_ = 0;  // 1 GiB pages are spread over the nodes
  DeedQueue init_;          // starts and stops workloads
  DeedQueue console_;       // what takes no time
  DeedQueue operator_;
};

}  // namespace gbsim
