// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/random.h"

namespace gbsim {

/** Draws indices in proportion to their weights, in constant time (Walker's alias method). */
class WeightedChoice {
 public:
  WeightedChoice() = default;
  /** Requires: no weight is negative. */
  explicit WeightedChoice(std::span<const double> weights);

  /** Of all weights. */
  double total() const { return total_; }
  /** Requires: total() > 0. */
  std::size_t draw(RandomStream& stream) const {
    const double at = stream.uniform() * static_cast<double>(cells_.size());
    const auto cell = static_cast<std::size_t>(at);
    return at - static_cast<double>(cell) < cells_[cell].own ? cell : cells_[cell].alias;
  }

 private:
  struct Cell {
    double own = 1;  // share of the cell that means its own index; the rest means @alias
    std::uint32_t alias = 0;
  };

  std::vector<Cell> cells_;
  double total_ = 0;
};

}  // namespace gbsim
