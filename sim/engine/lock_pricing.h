// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/contention.h"
#include "sim/base/work.h"

namespace gbsim {

/**
 * Prices zone->lock by how much it was used in the window of time before. Each node is taken to have one busy zone
 * and an even share of the CPUs and of their acquisitions.
 */
class LockPricing {
 public:
  /** The price now in @costs is that of a free lock. */
  LockPricing(CostTable& costs, unsigned nr_nodes);

  /** @meter of a CPU takes part; it outlives this object. */
  void add_cpu(const WorkMeter& meter);
  /** Looks at what the CPUs did in the last @window and sets the price for the next. */
  void update(Ns window);
  /** Share of the last window in which a lock was held. */
  double utilisation() const { return utilisation_; }

 private:
  static constexpr std::array kUnderLock{WorkKind::buddy_alloc, WorkKind::buddy_free, WorkKind::move_freepages,
                                         WorkKind::isolate_free_page};

  struct Cpu {
    const WorkMeter* meter;
    std::uint64_t acquisitions = 0;
    std::array<std::uint64_t, kUnderLock.size()> under_lock{};
  };

  void add_to(LockWindow& sum, Cpu& cpu) const;

  CostTable& costs_;
  unsigned nr_nodes_;
  LockContention contention_;
  std::vector<Cpu> cpus_;
  double utilisation_ = 0;
};

}  // namespace gbsim
