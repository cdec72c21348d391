// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/run_sketch.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

TEST_CASE("lives count from the last birth of a run, in the cell of its first") {
  RunSketch sketch({ms(1000), 4});
  sketch.add({ms(100), ms(260), ms(300), 3, 0});
  sketch.add({ms(999), ms(999), ms(1000), 1, 0});
  CHECK(sketch.lives()[0].weight() == 3);
  CHECK(sketch.lives()[0].quantiles().front() == ms(40));
  CHECK(sketch.lives()[1].empty());
  CHECK(sketch.lives()[3].quantiles().front() == ms(1));
}

TEST_CASE("times of death are those of runs that die, but not within a cell, by the cell of their first birth") {
  RunSketch sketch({ms(1000), 4});
  sketch.add({ms(100), ms(260), ms(900), 3, 0});
  sketch.add({ms(100), ms(100), ms(300), 1, 0});
  sketch.add({ms(3), ms(3), Ns::max(), 1, 0});
  sketch.add({ms(3), ms(3), ms(5), 1, 0, true});
  CHECK(sketch.ends()[0].weight() == 3);
  CHECK(sketch.ends()[0].quantiles() == std::vector<Ns>(3, ms(900)));
}

TEST_CASE("what outlives the recording, or is taken by reclaim, lives as long as the recording") {
  RunSketch sketch({ms(1000), 1});
  sketch.add({ms(3), ms(3), Ns::max(), 1, 0});
  sketch.add({ms(3), ms(3), ms(5), 1, 0, true});
  CHECK(sketch.lives()[0].quantiles() == std::vector<Ns>(3, ms(1000)));
}

TEST_CASE("bursts of one size are fixed, others half a one above their quantiles") {
  RunSketch alike({ms(1000), 1});
  alike.add({.count = 4});
  alike.add({.count = 4});
  CHECK(alike.bursts() == std::vector<double>{4});
  RunSketch mixed({ms(1000), 1});
  for (const std::uint32_t count : {15U, 2U, 4U}) {
    mixed.add({.count = count});
  }
  CHECK(mixed.bursts() == std::vector<double>{2.5, 4.5, 15.5});
  CHECK(mixed.runs() == 3);
}

TEST_CASE("spacing is the mean of all gaps within runs") {
  RunSketch sketch({ms(1000), 1});
  CHECK(sketch.spacing() == Ns{0});
  sketch.add({ms(0), ms(6), ms(9), 4, 0});
  sketch.add({ms(0), ms(6), ms(9), 2, 0});
  CHECK(sketch.spacing() == ms(3));
}
