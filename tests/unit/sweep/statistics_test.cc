// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/statistics.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("quartiles interpolate between neighbours as R and numpy do by default") {
  const Spread spread = spread_of({4, 1, 3, 2});
  CHECK(spread.count == 4);
  CHECK(spread.min == 1);
  CHECK(spread.q1 == doctest::Approx(1.75));
  CHECK(spread.median == doctest::Approx(2.5));
  CHECK(spread.q3 == doctest::Approx(3.25));
  CHECK(spread.max == 4);
  CHECK(spread.mean == doctest::Approx(2.5));
}

TEST_CASE("one value is its own spread and none has no count") {
  CHECK(spread_of({7}).q1 == 7);
  CHECK(spread_of({7}).q3 == 7);
  CHECK(spread_of({}).count == 0);
}

TEST_CASE("Student's interval agrees with the printed table") {
  const auto interval = mean_interval({1, 2, 3, 4, 5}, 0.95);  // t(4) = 2.776, s = 1.5811
  REQUIRE(interval);
  CHECK(interval->low == doctest::Approx(3 - 2.776445 * 1.5811388 / 2.2360680).epsilon(1e-6));
  CHECK(interval->high == doctest::Approx(3 + 2.776445 * 1.5811388 / 2.2360680).epsilon(1e-6));
  CHECK(!mean_interval({1}, 0.95));
}

TEST_CASE("equal values have an interval of no width, zeroes included") {
  CHECK(relative_width({0, 0, 0}, 0.95).value() == 0);
  CHECK(relative_width({5, 5}, 0.95).value() == 0);
  CHECK(relative_width({-1, 1}, 0.95).value() > 1e9);
  CHECK(!relative_width({5}, 0.95));
}

TEST_CASE("the bootstrap repeats itself and stays within the values") {
  const std::vector<double> values{1, 2, 3, 4, 100};
  const Interval first = bootstrap_median(values, "p1.thp");
  const Interval again = bootstrap_median(values, "p1.thp");
  CHECK(first.low == again.low);
  CHECK(first.high == again.high);
  CHECK(first.low >= 1);
  CHECK(first.low < 3);
  CHECK(first.high > 3);
  CHECK(first.high <= 100);
  CHECK(bootstrap_median({9}, "x").low == 9);
}
