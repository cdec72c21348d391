// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace gbsim {

/**
 * A stream of random numbers named by (seed, name): the same on every platform, and independent of other streams.
 * xoshiro256++ (Blackman and Vigna, 2019) seeded through splitmix64; distributions are ours, never std::.
 */
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  std::uint64_t next();
  /** Uniform in [0, 1). */
  double uniform();
  /** Uniform integer in [0, bound), unbiased. Requires: bound > 0. */
  std::uint64_t below(std::uint64_t bound);
  bool chance(double probability);
  double exponential(double mean);
  double normal();
  /** Median exp(mu); sigma of the underlying normal. */
  double lognormal(double mu, double sigma);
  double pareto(double minimum, double shape);
  /** Exact for small means, normal approximation above 64. */
  std::uint64_t poisson(double mean);
  /** Puts @values in random order. */
  template <class Values>
  void shuffle(Values& values) {
    for (std::size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[below(i)]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace gbsim
