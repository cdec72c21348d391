// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/cpu_actor.h"

#include <algorithm>
#include <string>

namespace gbsim {

CpuActor::CpuActor(const Stage& stage, const CpuPlan& plan, WorkloadSet& workloads, const DirectTimes& direct)
    : stage_(stage),
      plan_(plan),
      workloads_(workloads),
      direct_(direct),
      meter_(stage.memory.costs()),
      actor_(stage.actors.spawn("cpu" + std::to_string(plan.cpu.value), plan.cpu.value, [this] { run(); })) {}

void CpuActor::run() {
  stage_.clock().sleep_until(plan_.phase);
  while (!stage_.clock().stopping()) {
    if (workloads_.any_running()) {
      run_window();
    } else {
      idle();
    }
  }
}

void CpuActor::idle() {
  idle_ = true;
  stage_.ledger.note_busy(plan_.cpu, Ns{0});
  stage_.clock().sleep();
  idle_ = false;
  stage_.ledger.take_debt(plan_.cpu);  // daemons used the idle time
}

void CpuActor::run_window() {
  const Ns begin = stage_.clock().now();
  const Ns work = do_work();
  const Ns debt = stage_.ledger.take_debt(plan_.cpu);
  if (stage_.tracer != nullptr) {
    stage_.tracer->ran(debt);
  }
  const Ns busy = work + debt;
  stage_.ledger.note_busy(plan_.cpu, busy);
  stage_.watch.look();
  stage_.clock().sleep_until(begin + std::max(plan_.slice, busy));
}

Ns CpuActor::do_work() {
  stage_.memory.set_meter(meter_);
  if (stage_.tracer != nullptr) {
    stage_.tracer->workloads_run(plan_.cpu);
  }
  const Ns before = meter_.spent();
  const DirectTimes direct = direct_;
  workloads_.run(plan_.cpu, progress_, progress_ + plan_.slice);
  progress_ += plan_.slice;
  const Ns spent = meter_.spent() - before;
  const Ns reclaim = direct_.reclaim - direct.reclaim;
  const Ns compaction = direct_.compaction - direct.compaction;
  stage_.ledger.charge(CpuUser::direct_reclaim, reclaim);
  stage_.ledger.charge(CpuUser::direct_compaction, compaction);
  stage_.ledger.charge(CpuUser::workload, spent - reclaim - compaction);
  return spent;
}

void CpuActor::wake() {
  if (idle_) {
    idle_ = false;
    stage_.clock().wake(actor_);
  }
}

}  // namespace gbsim
