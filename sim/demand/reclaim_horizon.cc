// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/reclaim_horizon.h"

#include <algorithm>

namespace gbsim {

void ReclaimHorizon::took(Ns born, Ns died, std::uint64_t pages) { births_[time_.at(died)].add(born, pages); }

void ReclaimHorizon::close() {
  Ns latest{0};
  for (const LifeSketch& births : births_) {
    latest_.push_back(latest);
    if (!births.empty()) {
      const std::vector<Ns> quantiles = births.quantiles();
      latest = std::max(latest, quantiles[quantiles.size() / 2]);
    }
  }
}

bool ReclaimHorizon::passed_over(Ns born, Ns died) const { return born < latest_[time_.at(died)]; }

}  // namespace gbsim
