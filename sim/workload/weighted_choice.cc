// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/weighted_choice.h"

#include <numeric>

namespace gbsim {

WeightedChoice::WeightedChoice(std::span<const double> weights)
    : cells_(weights.size()), total_(std::accumulate(weights.begin(), weights.end(), 0.0)) {
  std::vector<std::uint32_t> poor;
  std::vector<std::uint32_t> rich;
  for (std::uint32_t i = 0; i < cells_.size(); ++i) {
    cells_[i] = Cell{total_ > 0 ? weights[i] / total_ * static_cast<double>(cells_.size()) : 1, i};
    (cells_[i].own < 1 ? poor : rich).push_back(i);
  }
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t taker = poor.back();
    const std::uint32_t giver = rich.back();
    poor.pop_back();
    cells_[taker].alias = giver;
    cells_[giver].own -= 1 - cells_[taker].own;
    if (cells_[giver].own < 1) {
      rich.pop_back();
      poor.push_back(giver);
    }
  }
}

}  // namespace gbsim
