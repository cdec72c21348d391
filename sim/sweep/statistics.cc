// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/base/random.h"

namespace gbsim {
namespace {

constexpr std::size_t kResamples = 2000;

/** Quantile @p of @sorted, linearly between neighbours. */
double quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

/** The median of @values, as quantile() has it, without sorting all of them; changes their order. */
double take_median(std::vector<double>& values) {
  const auto below = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, below);
  return values.size() % 2 == 1 ? *below : std::lerp(*below, *std::min_element(below + 1, values.end()), 0.5);
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/** Of the sample, with the n - 1 of an unbiased variance. */
double standard_deviation(const std::vector<double>& values, double mean) {
  double sum = 0;
  for (const double value : values) {
    sum += (value - mean) * (value - mean);
  }
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  if (values.empty()) {
    return {};
  }
  std::ranges::sort(values);
  return {.count = values.size(),
          .min = values.front(),
          .q1 = quantile(values, 0.25),
          .median = quantile(values, 0.5),
          .q3 = quantile(values, 0.75),
          .max = values.back(),
          .mean = mean_of(values)};
}

Interval bootstrap_median(const std::vector<double>& values, std::string_view name, double confidence) {
  if (std::ranges::all_of(values, [&](double value) { return value == values.front(); })) {
    return {values.front(), values.front()};
  }
  RandomStream stream(values.size(), name);
  std::vector<double> medians, resample(values.size());
  for (std::size_t i = 0; i < kResamples; ++i) {
    std::ranges::generate(resample, [&] { return values[stream.below(values.size())]; });
    medians.push_back(take_median(resample));
  }
  std::ranges::sort(medians);
  const double tail = (1 - confidence) / 2;
  return {quantile(medians, tail), quantile(medians, 1 - tail)};
}

std::optional<Interval> mean_interval(const std::vector<double>& values, double confidence) {
  if (values.size() < 2) {
    return std::nullopt;
  }
  const double mean = mean_of(values);
  const auto n = static_cast<double>(values.size());
  const double t = boost::math::quantile(boost::math::students_t(n - 1), (1 + confidence) / 2);
  const double half = t * standard_deviation(values, mean) / std::sqrt(n);
  return Interval{mean - half, mean + half};
}

std::optional<double> relative_width(const std::vector<double>& values, double confidence) {
  const auto interval = mean_interval(values, confidence);
  if (!interval) {
    return std::nullopt;
  }
  const double width = interval->high - interval->low;
  const double mean = std::abs(mean_of(values));
  if (width == 0) {
    return 0.0;
  }
  return mean > 0 ? width / mean : std::numeric_limits<double>::infinity();
}

}  // namespace gbsim
