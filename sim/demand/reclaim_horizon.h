// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/demand/life_sketch.h"
#include "sim/demand/run_sketch.h"

namespace gbsim {

/**
 * Since when what reclaim took had been there, as time goes on. Reclaim goes by age: what is older and stays had been
 * used again, and lies on an active list. Times are since the beginning of the recording.
 */
class ReclaimHorizon {
 public:
  explicit ReclaimHorizon(const TimeCells& time) : time_(time), births_(time.count) {}

  /** Reclaim took @pages at @died that had been there since @born. */
  void took(Ns born, Ns died, std::uint64_t pages);
  /** Nothing is added afterwards; only then may it be asked. */
  void close();
  /** Reclaim took mostly younger memory than what came at @born, in a cell of time before @died. */
  bool passed_over(Ns born, Ns died) const;

 private:
  TimeCells time_;
  std::vector<LifeSketch> births_;  // by cell of death
  std::vector<Ns> latest_;          // by cell: of the middle births of all cells before
};

}  // namespace gbsim
