// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/quick_law.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gbsim {

namespace {

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) {
  double sum = 0;
  for (std::size_t i = N; i > 0; --i) {
    sum = sum * x + coefficients[i - 1];
  }
  return sum;
}

// Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", PPND7, 1988.
constexpr std::array kMiddleTop{3.3871327179, 50.434271938, 159.29113202, 59.109374720};
constexpr std::array kMiddleBottom{1.0, 17.895169469, 78.757757664, 67.187563600};
constexpr std::array kNearTop{1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103};
constexpr std::array kNearBottom{1.0, 0.73700164250, 0.12021132975};
constexpr std::array kFarTop{6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997};
constexpr std::array kFarBottom{1.0, 0.24197894225, 0.012258202635};

double normal_quantile(double u) {
  const double q = u - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kMiddleTop, r) / polynomial(kMiddleBottom, r);
  }
  const double r = std::sqrt(-std::log(std::min(u, 1 - u)));
  const double tail = r <= 5 ? polynomial(kNearTop, r - 1.6) / polynomial(kNearBottom, r - 1.6)
                             : polynomial(kFarTop, r - 5) / polynomial(kFarBottom, r - 5);
  return q < 0 ? -tail : tail;
}

}  // namespace

double law_quantile(const Law& law, double u) {
  constexpr double kSmallest = 0x1p-54;
  switch (law.kind) {
    case Law::Kind::fixed:
      return law.a;
    case Law::Kind::uniform:
      return law.a + (law.b - law.a) * u;
    case Law::Kind::exponential:
      return -law.a * std::log1p(-u);
    case Law::Kind::lognormal:
      return std::exp(law.a + law.b * normal_quantile(std::clamp(u, kSmallest, 1 - kSmallest)));
    case Law::Kind::pareto:
      return law.a * std::pow(1 - u, -1 / law.b);
    case Law::Kind::forever:
      return std::numeric_limits<double>::infinity();
    case Law::Kind::quantiles:
      return quantile_between(law.points, u);
  }
  return law.a;
}

QuickLaw::QuickLaw(const Law& law) : law_(law) {
  const bool endless = law.kind == Law::Kind::forever;
  for (std::size_t i = 0; i < kCells; ++i) {
    table_[i] = endless ? 1e18 : law_quantile(law, static_cast<double>(i) / kCells);
  }
  table_[kCells] = table_[kCells - 1];
}

}  // namespace gbsim
