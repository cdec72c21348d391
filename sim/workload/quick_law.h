// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "sim/base/law.h"

namespace gbsim {

/** The value of @law below which a share @u of draws lies. Requires: 0 <= u < 1. */
double law_quantile(const Law& law, double u);

/**
 * A law drawn millions of times: its quantiles in a table, linear in between, exact in both tails. A draw costs one
 * random number.
 */
class QuickLaw {
 public:
  QuickLaw() = default;
  explicit QuickLaw(const Law& law);

  double draw(RandomStream& stream) const {
    const double at = stream.uniform() * kCells;
    const auto cell = static_cast<std::size_t>(at);
    if (cell == 0 || cell == kCells - 1) {
      return law_quantile(law_, at / kCells);
    }
    const double low = table_[cell];
    return low + (table_[cell + 1] - low) * (at - static_cast<double>(cell));
  }
  /** A duration in whole ns, at most a year. */
  Ns draw_time(RandomStream& stream) const {
    constexpr double kYear = 365.0 * 86400e9;
    const double drawn = draw(stream);
    return Ns{static_cast<std::int64_t>(drawn < kYear ? drawn : kYear)};
  }

 private:
  static constexpr std::size_t kCells = 256;

  Law law_{};
  std::array<double, kCells + 1> table_{};
};

}  // namespace gbsim
