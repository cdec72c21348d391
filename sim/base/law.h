// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/base/random.h"
#include "sim/base/types.h"

namespace gbsim {

/**
 * A law that durations or sizes follow, as YAML spells it:
 * "fixed 10ms", "uniform 1s 5s", "exponential 200ms", "lognormal 1.1s p90 3.7s" (median and 90th percentile),
 * "pareto 1ms 1.3" (minimum and shape), "forever", "quantiles 85us 3ms 2s 1m" (any law: its smallest value, values that
 * equal shares of draws lie below, and its largest; two or more).
 */
struct Law {
  enum class Kind : std::uint8_t { fixed, uniform, exponential, lognormal, pareto, forever, quantiles };
  Kind kind = Kind::fixed;
  double a = 0;  // fixed value, low, mean, mu, minimum; in ns or plain numbers
  double b = 0;  // high, sigma, shape
  std::vector<double> points{};  // quantiles, ascending

  /** Infinite for "forever". */
  double draw(RandomStream& stream) const;
  /** A drawn duration in whole ns; Ns::max() for "forever" and whatever does not fit. */
  Ns draw_time(RandomStream& stream) const;
  double mean() const;
};

/**
 * The value below which a share @u of draws lies, of a law given by @points at equal steps of u: geometric between two
 * positive points, else linear. Requires: two points or more, ascending; 0 <= u <= 1.
 */
double quantile_between(const std::vector<double>& points, double u);

/** nullopt if @text is no law. */
std::optional<Law> parse_law(std::string_view text);

}  // namespace gbsim
