// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gbsim {

/** How values of one metric scatter over seeds. Quartiles interpolate linearly (type 7 of Hyndman and Fan, 1996). */
struct Spread {
  std::size_t count = 0;
  double min = 0;
  double q1 = 0;
  double median = 0;
  double q3 = 0;
  double max = 0;
  double mean = 0;
};

/** Zeroes, with count 0, if there are no @values. */
Spread spread_of(std::vector<double> values);

/** A range that holds a statistic with a stated confidence. */
struct Interval {
  double low = 0;
  double high = 0;
};

/**
 * Percentile bootstrap (Efron, 1979) of the median: 2000 resamples drawn from the stream that @name names, so equal
 * values under the same name give equal bounds. Requires: @values is not empty, 0 < @confidence < 1.
 */
Interval bootstrap_median(const std::vector<double>& values, std::string_view name, double confidence = 0.95);

/** Student's t interval of the mean; nullopt with fewer than two values. */
std::optional<Interval> mean_interval(const std::vector<double>& values, double confidence);

/** Full width of mean_interval() over the size of the mean: 0 if all values are equal; nullopt with fewer than two. */
std::optional<double> relative_width(const std::vector<double>& values, double confidence);

}  // namespace gbsim
