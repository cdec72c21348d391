// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/life_sketch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

TEST_CASE("lives weigh as many allocations as were seen with them") {
  LifeSketch sketch;
  sketch.add(ms(10), 98);
  sketch.add(ms(500), 1);
  sketch.add(ms(1000), 1);
  CHECK(sketch.weight() == 100);
  CHECK(sketch.quantiles() == std::vector<Ns>{ms(10), ms(10), ms(1000)});
}

TEST_CASE("an empty sketch has no law") { CHECK(LifeSketch().quantiles().empty()); }

TEST_CASE("two sketches are as one that saw both") {
  LifeSketch one;
  LifeSketch other;
  LifeSketch both;
  for (int i = 1; i <= 100; ++i) {
    (i % 2 == 0 ? one : other).add(ms(i), 1);
    both.add(ms(i), 1);
  }
  one.add(other);
  CHECK(one.weight() == 100);
  CHECK(one.quantiles() == both.quantiles());
}

TEST_CASE("quantiles of any number of lives are within seven percent of the true ones") {
  constexpr int kLives = 300'000;
  LifeSketch sketch;
  std::vector<double> lives;
  for (int i = 0; i < kLives; ++i) {
    const int scattered = static_cast<int>(i * 7919LL % kLives);
    lives.push_back(std::exp(1 + 22.0 * scattered / kLives));  // nine decades
    sketch.add(Ns{static_cast<std::int64_t>(lives.back())}, 1);
  }
  std::ranges::sort(lives);
  const auto quantiles = sketch.quantiles();
  REQUIRE(quantiles.size() == 9);
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    CHECK(static_cast<double>(quantiles[i].count()) ==
          doctest::Approx(std::floor(lives[i * (kLives - 1) / 8])).epsilon(0.07));
  }
}

TEST_CASE("a law has more points the more it rests on") {
  CHECK(points_for(7) == 3);
  CHECK(points_for(63) == 5);
  CHECK(points_for(64) == 9);
  CHECK(quantile_places({1, 8, 1}, 3) == std::vector<std::size_t>{0, 1, 2});
}
