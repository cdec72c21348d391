// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sim/engine/cpu_ledger.h"
#include "sim/engine/run_observer.h"
#include "sim/engine/simulated_machine.h"
#include "sim/metrics/sampler.h"

namespace gbsim {

/** Turns the machine into samples, rows and events of measured time and hands them to the observer. */
class Recorder {
 public:
  /** @warmup: how long after boot measured time begins. References outlive the recorder. */
  Recorder(SimulatedMachine& machine, const CpuLedger& ledger, RunObserver& observer, Ns warmup);

  /** The machine has booted, and nothing has run. */
  void boot();
  /** Measured time begins: whatever was counted so far is left out of all that follows. */
  void begin();
  bool begun() const { return begun_; }
  void sample();
  void snapshot();
  /** Sets the time of @event and passes it on; dropped before measured time begins. */
  void event(RunEvent event);
  void progress(double fraction);
  /** How the run ended now, host figures left out. */
  RunEnding ending(std::string outcome) const;

 private:
  SearchCounts search_counts() const;
  RunState state() const;
  std::vector<LatencyRow> latency_rows() const;
  Ns measured() const { return machine_.memory.clock().now - warmup_; }

  SimulatedMachine& machine_;
  const CpuLedger& ledger_;
  RunObserver& observer_;
  Ns warmup_;
  Sampler sampler_;
  bool begun_ = false;
};

}  // namespace gbsim
