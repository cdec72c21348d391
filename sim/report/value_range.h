// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gbsim {

/** From where to where an axis or a scale of colours runs. */
struct ValueRange {
  double low = 0;
  double high = 1;

  /** Where @value lies, from 0 at the lower end to 1. */
  double share(double value) const { return (value - low) / (high - low); }
  /** With @share of its length more at each end that is not zero, so that no point lies on a border. */
  ValueRange padded(double share) const;
  /** gnuplot command for @axis: "x", "y" or "cb". */
  std::string gnuplot(std::string_view axis) const;
};

/**
 * A range that shows @values without making much of little. It begins at zero if they differ by less than a hundredth
 * or the least is below half of the greatest; from 0 to 1 for zeros alone and for no values.
 */
ValueRange range_of(std::span<const double> values);

}  // namespace gbsim
