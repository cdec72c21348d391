// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/histogram.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "sim/base/random.h"

using namespace gbsim;

TEST_CASE("an empty histogram answers zero") {
  const Histogram empty;
  CHECK(empty.count() == 0);
  CHECK(empty.max() == 0);
  CHECK(empty.percentile(0.5) == 0);
}

TEST_CASE("small values are exact") {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 60; ++value) {
    histogram.add(value);
  }
  CHECK(histogram.percentile(0.5) == 30);
  CHECK(histogram.percentile(0.9) == 54);
  CHECK(histogram.percentile(1.0) == 60);
  CHECK(histogram.percentile(0.0) == 1);
}

TEST_CASE("every value is answered within 3.2 percent and never below itself") {
  RandomStream stream(1, "histogram");
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t value = stream.next() >> stream.below(64);
    Histogram histogram;
    histogram.add(value);
    histogram.add(std::numeric_limits<std::uint64_t>::max());
    const std::uint64_t answer = histogram.percentile(0.5);
    REQUIRE(answer >= value);
    REQUIRE(static_cast<double>(answer - value) <= 0.032 * static_cast<double>(value));
  }
}

TEST_CASE("the maximum is exact and bounds percentiles") {
  Histogram histogram;
  histogram.add(1'000'003, 7);
  CHECK(histogram.count() == 7);
  CHECK(histogram.max() == 1'000'003);
  CHECK(histogram.percentile(0.99) == 1'000'003);
}

TEST_CASE("merging equals adding everything to one") {
  Histogram left, right, both;
  RandomStream stream(2, "histogram");
  for (int i = 0; i < 1000; ++i) {
    const auto value = static_cast<std::uint64_t>(stream.exponential(1e5));
    (i % 3 == 0 ? left : right).add(value);
    both.add(value);
  }
  left.merge(right);
  CHECK(left == both);
  left.clear();
  CHECK(left == Histogram{});
}
