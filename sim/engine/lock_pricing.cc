// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/lock_pricing.h"

#include <algorithm>

namespace gbsim {

LockPricing::LockPricing(CostTable& costs, unsigned nr_nodes)
    : costs_(costs), nr_nodes_(nr_nodes), contention_(costs.of(WorkKind::zone_lock)) {}

void LockPricing::add_cpu(const WorkMeter& meter) {
  cpus_.push_back({.meter = &meter});
}

void LockPricing::add_to(LockWindow& sum, Cpu& cpu) const {
  const std::uint64_t acquisitions = cpu.meter->units(WorkKind::zone_lock);
  sum.cpus += acquisitions != cpu.acquisitions ? 1 : 0;
  sum.acquisitions += acquisitions - cpu.acquisitions;
  cpu.acquisitions = acquisitions;
  for (std::size_t i = 0; i < kUnderLock.size(); ++i) {
    const std::uint64_t units = cpu.meter->units(kUnderLock[i]);
    sum.held += costs_.of(kUnderLock[i]) * static_cast<std::int64_t>(units - cpu.under_lock[i]);
    cpu.under_lock[i] = units;
  }
}

void LockPricing::update(Ns window) {
  LockWindow sum{.cpus = 0};
  for (Cpu& cpu : cpus_) {
    add_to(sum, cpu);
  }
  LockWindow one;
  one.cpus = std::max(1U, sum.cpus / nr_nodes_);
  one.acquisitions = sum.acquisitions / nr_nodes_;
  one.held = sum.held / nr_nodes_;
  one.elsewhere = std::max(window * one.cpus - one.held, Ns{0});
  costs_.set(WorkKind::zone_lock, contention_.price(one));
  utilisation_ = contention_.utilisation(one);
}

}  // namespace gbsim
