// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_phases.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

/** One allocation every @step milliseconds from @from to @to, in a second of ten cells. */
void evenly(RunSketch& sketch, int from, int to, int step, Ns life) {
  for (int at = from; at < to; at += step) {
    sketch.add({ms(at), ms(at), ms(at) + life, 1, 0});
  }
}

std::vector<FittedPhase> phases_of(const RunSketch& sketch) { return find_phases(sketch, {.tolerance_pages = 5}); }

}  // namespace

TEST_CASE("equal stretches become one phase, unlike ones stay apart") {
  RunSketch half({ms(1000), 10});
  evenly(half, 0, 500, 1, ms(2));
  CHECK(phases_of(half).size() == 2);
  RunSketch whole({ms(1000), 10});
  evenly(whole, 0, 1000, 1, ms(2));
  const auto phases = phases_of(whole);
  REQUIRE(phases.size() == 1);
  CHECK(phases[0].lasts == ms(1000));
  CHECK(phases[0].allocations_per_second == doctest::Approx(1000));
}

TEST_CASE("a change of lives alone makes a phase") {
  RunSketch sketch({ms(1000), 10});
  evenly(sketch, 0, 500, 1, ms(2));
  evenly(sketch, 500, 1000, 1, ms(400));
  const auto phases = phases_of(sketch);
  REQUIRE(phases.size() == 2);
  CHECK(phases[0].life.back() == ms(2));
  CHECK(phases[1].life.front() == ms(400));
}

TEST_CASE("a silent phase has a rate of nothing and no law") {
  RunSketch sketch({ms(1000), 2});
  evenly(sketch, 0, 500, 1, ms(2));
  const auto phases = phases_of(sketch);
  REQUIRE(phases.size() == 2);
  CHECK(phases[1].allocations_per_second == 0);
  CHECK(phases[1].life.empty());
}

TEST_CASE("what one event killed is told by the time of its death, whenever it came") {
  RunSketch sketch({ms(1000), 10});
  for (int at = 0; at < 800; at += 2) {
    sketch.add({ms(at), ms(at), ms(900 + at % 4), 1, 0});
  }
  const auto phases = phases_of(sketch);
  REQUIRE(phases.size() == 2);
  CHECK(phases[0].lasts == ms(800));
  CHECK(phases[0].life.empty());
  CHECK(phases[0].ends.front() == ms(900));
  CHECK(phases[0].ends.back() == ms(902));
}

TEST_CASE("where some outlive the recording lives tell, not times of death") {
  RunSketch sketch({ms(1000), 10});
  evenly(sketch, 0, 1000, 2, ms(2));
  sketch.add({ms(500), ms(500), Ns::max(), 1, 0});
  for (const FittedPhase& phase : phases_of(sketch)) {
    CHECK(phase.ends.empty());
  }
}

TEST_CASE("a burst within a cell that died at once is told by the time of its death") {
  RunSketch sketch({ms(1000), 10});
  for (int i = 0; i < 40; ++i) {
    sketch.add({ms(390), ms(390), ms(700), 1, 0});  // births are known to a cell, and would smear the deaths
  }
  for (const FittedPhase& phase : phases_of(sketch)) {
    CHECK(phase.life.empty());
    CHECK((phase.allocations_per_second == 0 || phase.ends.front() == ms(700)));
  }
}

TEST_CASE("alike cells stay apart where they are cut") {
  RunSketch sketch({ms(1000), 10});
  evenly(sketch, 0, 1000, 1, ms(2));
  const auto phases = find_phases(sketch, {.tolerance_pages = 5, .cuts = {3}});
  REQUIRE(phases.size() == 2);
  CHECK(phases[0].lasts == ms(300));
}
