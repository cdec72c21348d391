// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/base/random.h"
#include "sim/base/types.h"

namespace gbsim {

/**
 * A law that durations or sizes follow, as YAML spells it:
 * "fixed 10ms", "uniform 1s 5s", "exponential 200ms", "lognormal 1.1s p90 3.7s" (median and 90th percentile),
 * "pareto 1ms 1.3" (minimum and shape), "forever".
 */
struct Law {
  enum class Kind : std::uint8_t { fixed, uniform, exponential, lognormal, pareto, forever };
  Kind kind = Kind::fixed;
  double a = 0;  // fixed value, low, mean, mu, minimum; in ns or plain numbers
  double b = 0;  // high, sigma, shape

  /** Infinite for "forever". */
  double draw(RandomStream& stream) const;
  /** A drawn duration in whole ns; Ns::max() for "forever" and whatever does not fit. */
  Ns draw_time(RandomStream& stream) const;
  double mean() const;
};

/** nullopt if @text is no law. */
std::optional<Law> parse_law(std::string_view text);

}  // namespace gbsim
