// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/daemon.h"

#include <algorithm>
#include <utility>

namespace gbsim {

namespace {

/** Least time between two units: switching to the thread. Keeps units that found nothing to do from spinning. */
constexpr Ns kSwitch{1'000};

}  // namespace

Daemon::Daemon(const Stage& stage, DaemonIdentity identity, Unit unit)
    : stage_(stage),
      identity_(std::move(identity)),
      unit_(std::move(unit)),
      meter_(stage.memory.costs()),
      actor_(stage.actors.spawn(identity_.name, identity_.first_cpu.value, [this] { run(); })) {}

void Daemon::run() {
  while (!stage_.clock().stopping()) {
    rest(work());
  }
}

Ns Daemon::work() {
  const CpuId cpu = stage_.ledger.least_busy(identity_.first_cpu, identity_.nr_cpus);
  stage_.memory.set_meter(meter_);
  woken_ = false;
  if (stage_.tracer != nullptr) {
    stage_.tracer->daemon_runs(identity_.name, cpu);
  }
  const Ns before = meter_.spent();
  const Ns next = unit_(cpu);
  const Ns cost = meter_.spent() - before;
  if (stage_.tracer != nullptr) {
    stage_.tracer->ran();
  }
  stage_.watch.look();
  if (cost > Ns{0} || next <= stage_.clock().now()) {
    stage_.ledger.charge_daemon(cpu, identity_.user, cost);
    stage_.clock().sleep_until(stage_.clock().now() + std::max(stage_.ledger.pace(cpu, cost), kSwitch));
  }
  return next;
}

void Daemon::rest(Ns until) {
  if (woken_ || until <= stage_.clock().now()) {
    return;
  }
  resting_ = true;
  if (until == kUntilWoken) {
    stage_.clock().sleep();
  } else {
    stage_.clock().sleep_until(until);
  }
  resting_ = false;
}

void Daemon::wake() {
  woken_ = true;
  if (resting_) {
    resting_ = false;
    stage_.clock().wake(actor_);
  }
}

}  // namespace gbsim
