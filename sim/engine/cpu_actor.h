// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/allocator/memory_pressure.h"
#include "sim/base/work.h"
#include "sim/engine/stage.h"
#include "sim/engine/workload_set.h"

namespace gbsim {

/** One CPU's way through time: where its windows begin, and whose relief it may need. */
struct CpuPlan {
  CpuId cpu{};
  Ns slice{0};  // length of a window of its own progress
  Ns phase{0};  // of the first window; spreads CPUs over a slice, so that daemons get in between
};

/**
 * One simulated CPU. It does the work of its next window of progress, then is busy for as long as that and what
 * daemons left to it cost, at least for the window: a stall or overload delays this CPU's later work and no other's.
 */
class CpuActor {
 public:
  CpuActor(const Stage& stage, const CpuPlan& plan, WorkloadSet& workloads, const DirectTimes& direct);
  CpuActor(const CpuActor&) = delete;
  CpuActor& operator=(const CpuActor&) = delete;

  /** A workload was started: an idle CPU goes on. */
  void wake();
  const WorkMeter& meter() const { return meter_; }
  /** How far its work has come; behind the clock by all the stalls so far. */
  Ns progress() const { return progress_; }

 private:
  void run();
  void idle();
  void run_window();
  Ns do_work();

  Stage stage_;
  CpuPlan plan_;
  WorkloadSet& workloads_;
  const DirectTimes& direct_;
  WorkMeter meter_;
  simgrid::s4u::Actor* actor_;
  Ns progress_{0};
  bool idle_ = false;
};

}  // namespace gbsim
