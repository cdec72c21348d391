// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>

#include "sim/base/work.h"
#include "sim/engine/stage.h"

namespace gbsim {

/** Answers of a daemon's unit of work: go on at once, or when somebody calls wake(). Any other is a date. */
inline constexpr Ns kGoOn{0};
inline constexpr Ns kUntilWoken = Ns::max();

/** Who a daemon is and where it may run. */
struct DaemonIdentity {
  std::string name;
  CpuUser user = CpuUser::other;
  CpuId first_cpu{};
  unsigned nr_cpus = 1;
};

/**
 * A kernel thread: units of work with pauses between them. A unit runs on the least busy of its CPUs, what it cost
 * becomes that CPU's debt, and the next unit waits until the cost has passed.
 */
class Daemon {
 public:
  /** Does one bounded unit of work on behalf of a CPU; returns when to do the next. */
  using Unit = std::function<Ns(CpuId)>;

  /** The first unit runs when the run begins. @stage is copied. */
  Daemon(const Stage& stage, DaemonIdentity identity, Unit unit);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /** There is work: a resting daemon runs its unit now, a busy one does not rest after it. */
  void wake();
  const WorkMeter& meter() const { return meter_; }

 private:
  void run();
  Ns work();
  void rest(Ns until);

  Stage stage_;
  DaemonIdentity identity_;
  Unit unit_;
  WorkMeter meter_;
  simgrid::s4u::Actor* actor_;
  bool woken_ = false;
  bool resting_ = false;
};

}  // namespace gbsim
