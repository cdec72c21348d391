// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/value_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gbsim {

ValueRange ValueRange::padded(double share) const {
  const double pad = share * (high - low);
  return {low == 0 ? 0 : low - pad, high == 0 ? 0 : high + pad};
}

std::string ValueRange::gnuplot(std::string_view axis) const {
  return fmt::format("set {}range [{}:{}]\n", axis, low, high);
}

ValueRange range_of(std::span<const double> values) {
  constexpr double kLittle = 0.01;
  if (values.empty()) {
    return {};
  }
  const auto [least, greatest] = std::ranges::minmax(values);
  const double most = std::max(std::abs(least), std::abs(greatest));
  if (most == 0) {
    return {};
  }
  const bool alike = greatest - least < kLittle * most;
  const bool near_zero = least >= 0 ? least < greatest / 2 : greatest <= 0 && greatest > least / 2;
  if (!alike && !near_zero) {
    return {least, greatest};
  }
  return {std::min(0.0, least), std::max(0.0, greatest)};
}

}  // namespace gbsim
