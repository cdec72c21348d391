// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/cpu_ledger.h"

#include <utility>

namespace gbsim {

CpuLedger::CpuLedger(unsigned nr_cpus, Ns slice) : slice_(slice), cpus_(nr_cpus) {}

void CpuLedger::charge_daemon(CpuId cpu, CpuUser user, Ns cost) {
  times_[user] += cost;
  cpus_[cpu.value].debt += cost;
}

Ns CpuLedger::take_debt(CpuId cpu) {
  return std::exchange(cpus_[cpu.value].debt, Ns{0});
}

CpuId CpuLedger::least_busy(CpuId first, unsigned count) const {
  CpuId best = first;
  for (unsigned i = 1; i < count; ++i) {
    const CpuId cpu{first.value + i};
    const Cpu& candidate = cpus_[cpu.value];
    if (candidate.debt + candidate.busy < cpus_[best.value].debt + cpus_[best.value].busy) {
      best = cpu;
    }
  }
  return best;
}

Ns CpuLedger::pace(CpuId cpu, Ns cost) const {
  return cpus_[cpu.value].busy >= slice_ ? cost * 2 : cost;
}

}  // namespace gbsim
