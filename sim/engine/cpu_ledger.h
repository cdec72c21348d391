// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/base/types.h"
#include "sim/metrics/counters.h"

namespace gbsim {

/**
 * Who used the CPUs for how long, and what daemons still owe: their work on a CPU is that CPU's debt, which delays the
 * workloads there as far as the CPU had no idle time for it.
 */
class CpuLedger {
 public:
  /** @slice: simulated time of one CPU window. */
  CpuLedger(unsigned nr_cpus, Ns slice);

  /** Workload time, by what it was spent on. */
  void charge(CpuUser user, Ns time) { times_[user] += time; }
  /** A daemon's work on @cpu. */
  void charge_daemon(CpuId cpu, CpuUser user, Ns cost);
  /** What @cpu must do for daemons before its next window; it is settled with this. */
  Ns take_debt(CpuId cpu);
  /** @cpu's last window, daemons included, kept it busy for @busy. */
  void note_busy(CpuId cpu, Ns busy) { cpus_[cpu.value].busy = busy; }

  /** The CPU with the least to do out of [@first, @first + @count), the lowest of equals. */
  CpuId least_busy(CpuId first, unsigned count) const;
  /** How long a daemon needs on @cpu for work of @cost: where workloads fill the CPU, it gets every other slice. */
  Ns pace(CpuId cpu, Ns cost) const;
  const CpuTimes& times() const { return times_; }

 private:
  struct Cpu {
    Ns debt{0};
    Ns busy{0};
  };

  Ns slice_;
  std::vector<Cpu> cpus_;
  CpuTimes times_;
};

}  // namespace gbsim
