// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/types.h"

namespace gbsim {

/** What all CPUs of a zone did in one window of time. Waiting for the lock is in neither duration. */
struct LockWindow {
  unsigned cpus = 1;               // that ran
  std::uint64_t acquisitions = 0;  // of zone->lock, all CPUs together
  Ns held{0};                      // work under the lock besides taking it, all CPUs together
  Ns elsewhere{0};                 // time outside the lock, idle time included, all CPUs together
};

/**
 * The price of one acquisition of zone->lock under contention.
 *
 * CPUs are the customers of a closed queue with one server: each spends Z outside the lock, then holds it for
 * S = base + transfer * (n - 1) / n + held work. Mean value analysis gives the wait W(n, Z, S); the price is
 * base + transfer * (n - 1) / n + W. At saturation n operations take n * S, as published-figures.md A10 shows.
 */
class LockContention {
 public:
  /** @base: taking a free lock; @transfer: moving lock, zone and buddy cache lines from another CPU. */
  constexpr explicit LockContention(Ns base, Ns transfer = Ns{300}) : base_(base), transfer_(transfer) {}

  /** Price of an acquisition in a window like @window; the base price if nobody took the lock. */
  Ns price(const LockWindow& window) const;
  /** Share of the window in which the lock was held, waiting included in the window: 0 to 1. */
  double utilisation(const LockWindow& window) const;
  /** How many times dearer than a free lock. */
  double factor(const LockWindow& window) const;

 private:
  struct Queue;
  Queue solve(const LockWindow& window) const;

  Ns base_;
  Ns transfer_;
};

}  // namespace gbsim
