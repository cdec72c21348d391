// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace gbsim;

namespace {

constexpr int kDraws = 100'000;

template <class Draw>
double mean_of(Draw draw) {
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    sum += static_cast<double>(draw());
  }
  return sum / kDraws;
}

template <class Draw>
double median_of(Draw draw) {
  std::vector<double> drawn(kDraws);
  std::ranges::generate(drawn, draw);
  std::ranges::nth_element(drawn, drawn.begin() + kDraws / 2);
  return drawn[kDraws / 2];
}

}  // namespace

TEST_CASE("a stream repeats itself for the same seed and name, whatever the platform") {
  RandomStream stream(1, "skb");
  CHECK(stream.next() == 0xcdfd7d207f808dfcU);
  CHECK(stream.next() == 0x94f2d5fadfda4049U);
}

TEST_CASE("streams of another name or seed differ") {
  RandomStream stream(1, "a");
  const std::uint64_t first = stream.next();
  CHECK(RandomStream(1, "b").next() != first);
  CHECK(RandomStream(2, "a").next() != first);
  CHECK(RandomStream(1, "a").next() == first);
}

TEST_CASE("uniform numbers lie from 0 up to 1 and around one half") {
  RandomStream stream(3, "uniform");
  double least = 1, most = 0;
  const double mean = mean_of([&] {
    const double drawn = stream.uniform();
    least = std::min(least, drawn);
    most = std::max(most, drawn);
    return drawn;
  });
  CHECK(least >= 0);
  CHECK(most < 1);
  CHECK(mean == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE("integers below a bound reach every value about equally often") {
  RandomStream stream(4, "below");
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) {
    ++counts.at(stream.below(7));
  }
  for (const int count : counts) {
    CHECK(count == doctest::Approx(kDraws / 7.0).epsilon(0.05));
  }
  CHECK(stream.below(1) == 0);
  CHECK(stream.below(~std::uint64_t{0}) < ~std::uint64_t{0});
}

TEST_CASE("chance 0 never and chance 1 always happens") {
  RandomStream stream(5, "chance");
  for (int i = 0; i < 1000; ++i) {
    REQUIRE_FALSE(stream.chance(0));
    REQUIRE(stream.chance(1));
  }
}

TEST_CASE("distributions have the means and medians they promise") {
  RandomStream stream(6, "laws");
  CHECK(mean_of([&] { return stream.exponential(5); }) == doctest::Approx(5).epsilon(0.02));
  CHECK(std::abs(mean_of([&] { return stream.normal(); })) < 0.02);
  CHECK(mean_of([&] { return std::pow(stream.normal(), 2); }) == doctest::Approx(1).epsilon(0.02));
  CHECK(median_of([&] { return stream.lognormal(std::log(3), 1); }) == doctest::Approx(3).epsilon(0.03));
  CHECK(median_of([&] { return stream.pareto(2, 1.5); }) == doctest::Approx(2 * std::pow(2, 1 / 1.5)).epsilon(0.02));
}

TEST_CASE("poisson counts have their mean as mean and variance, small or large") {
  for (const double mean : {0.1, 3.0, 60.0, 64.5, 1000.0}) {
    CAPTURE(mean);
    RandomStream stream(7, "poisson");
    CHECK(mean_of([&] { return stream.poisson(mean); }) == doctest::Approx(mean).epsilon(0.03));
    CHECK(mean_of([&] { return std::pow(static_cast<double>(stream.poisson(mean)) - mean, 2); }) ==
          doctest::Approx(mean).epsilon(0.05));
  }
  RandomStream stream(8, "poisson");
  CHECK(stream.poisson(0) == 0);
}

TEST_CASE("shuffled values are the same values, each place as likely") {
  RandomStream stream(9, "shuffle");
  const double mean = mean_of([&] {
    std::vector<int> values{0, 1, 2, 3};
    stream.shuffle(values);
    const auto place = std::ranges::find(values, 3) - values.begin();
    std::ranges::sort(values);
    REQUIRE(values == std::vector<int>{0, 1, 2, 3});
    return place;
  });
  CHECK(mean == doctest::Approx(1.5).epsilon(0.01));
}
