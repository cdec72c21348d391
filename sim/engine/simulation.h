// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/engine/run_observer.h"
#include "sim/mm/memory.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/workload.h"

namespace gbsim {

/** Which tracepoints the observer is told of. Frequent ones come with every allocation. */
enum class TraceDetail : std::uint8_t { none, rare, frequent };

/** What a run does beside simulating. */
struct RunOptions {
  bool check_invariants = false;  // full recount at every sample
  std::uint64_t check_every = 0;  // and every so many base pages allocated or freed; 0: not between samples
  TraceDetail trace = TraceDetail::none;
  bool daemons = true;            // false: kswapd, kcompactd, workers and khugepaged sleep; the per-CPU tick goes on
  /** Makes a workload that runs from the beginning beside the scenario's, such as one that no YAML can name. */
  std::function<std::unique_ptr<Workload>(WorkloadHost&)> extra_workload{};
};

/**
 * One scenario from boot to its end: machine, daemons, workloads, timeline. One per process, as SimGrid allows.
 * The warm-up runs like measured time, at full page exactness, from empty memory; its end is time zero of all
 * results and the baseline of all counters.
 */
class Simulation {
 public:
  /** @observer outlives the simulation. Throws std::invalid_argument for what no run can do. */
  Simulation(const Scenario& scenario, const RunOptions& options, RunObserver& observer);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /** To the end, or to SIGINT or SIGTERM, which give the outcome "interrupted". Throws what broke. */
  RunEnding run();
  /** The signal that interrupted the run, 0 if none did. */
  int signal() const;
  const Memory& memory() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gbsim
