// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_phases.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

std::vector<DemandRun> evenly(int from, int to, int step, Ns life) {
  std::vector<DemandRun> runs;
  for (int at = from; at < to; at += step) {
    runs.push_back({ms(at), ms(at), ms(at) + life, 1, 0});
  }
  return runs;
}

}  // namespace

TEST_CASE("lives weigh as many allocations as a run has, and what outlives the recording lives as long as it") {
  const std::vector<DemandRun> runs{
      {ms(0), ms(1), ms(11), 98, 0}, {ms(0), ms(0), ms(500), 1, 0}, {ms(3), ms(3), Ns::max(), 1, 0}};
  const auto life = life_quantiles(runs, ms(1000));
  CHECK(life.front() == ms(10));
  CHECK(life[1] == ms(10));
  CHECK(life.back() == ms(1000));
}

TEST_CASE("bursts of one size are fixed, others half a one above their quantiles") {
  const std::vector<DemandRun> alike{{.count = 4}, {.count = 4}};
  CHECK(burst_quantiles(alike) == std::vector<double>{4});
  const std::vector<DemandRun> mixed{{.count = 2}, {.count = 4}, {.count = 15}};
  CHECK(burst_quantiles(mixed) == std::vector<double>{2.5, 4.5, 15.5});
}

TEST_CASE("equal stretches become one phase, unlike ones stay apart") {
  auto runs = evenly(0, 500, 1, ms(2));
  CHECK(find_phases(runs, {.length = ms(1000), .cells = 10, .tolerance_pages = 5}).size() == 2);
  const auto phases = find_phases(evenly(0, 1000, 1, ms(2)), {.length = ms(1000), .cells = 10, .tolerance_pages = 5});
  REQUIRE(phases.size() == 1);
  CHECK(phases[0].lasts == ms(1000));
  CHECK(phases[0].allocations_per_second == doctest::Approx(1000));
}

TEST_CASE("a change of lives alone makes a phase") {
  auto runs = evenly(0, 500, 1, ms(2));
  const auto later = evenly(500, 1000, 1, ms(400));
  runs.insert(runs.end(), later.begin(), later.end());
  const auto phases = find_phases(runs, {.length = ms(1000), .cells = 10, .tolerance_pages = 5});
  REQUIRE(phases.size() == 2);
  CHECK(phases[0].life.back() == ms(2));
  CHECK(phases[1].life.front() == ms(400));
}

TEST_CASE("a silent phase has a rate of nothing and no law") {
  const auto phases = find_phases(evenly(0, 500, 1, ms(2)), {.length = ms(1000), .cells = 2, .tolerance_pages = 1});
  REQUIRE(phases.size() == 2);
  CHECK(phases[1].allocations_per_second == 0);
  CHECK(phases[1].life.empty());
}
