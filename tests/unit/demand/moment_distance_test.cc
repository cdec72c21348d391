// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/moment_distance.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

MemoryMoment moment(std::uint64_t order0, std::uint64_t order10) {
  MemoryMoment result;
  result.managed = NrPages{1 << 20};
  result.free_blocks[0] = order0;
  result.free_blocks[10] = order10;
  return result;
}

}  // namespace

TEST_CASE("equal courses have no distance") {
  const auto distance = distance_between({moment(5, 7), moment(9, 1)}, {moment(5, 7), moment(9, 1)});
  CHECK(distance.moments == 2);
  CHECK(distance.mean_octaves() == 0);
  CHECK(distance.memory_share[2] == 0);
}

TEST_CASE("twice the free memory is an octave, and crumbs do not count") {
  CHECK(distance_between({moment(0, 100)}, {moment(0, 200)}).octaves[2] == doctest::Approx(0.99).epsilon(0.01));
  CHECK(distance_between({moment(0, 0)}, {moment(8, 0)}).octaves[0] < 0.03);
}

TEST_CASE("shares are of managed memory") {
  CHECK(distance_between({moment(0, 512)}, {moment(0, 0)}).memory_share[2] == doctest::Approx(0.5));
}

TEST_CASE("mixing counts only where both know it, in percentage points") {
  auto recorded = std::vector{moment(0, 0), moment(0, 0)};
  auto simulated = recorded;
  recorded[1].mixed_share = 0.10;
  simulated[0].mixed_share = 0.50;
  simulated[1].mixed_share = 0.07;
  const auto distance = distance_between(recorded, simulated);
  CHECK(distance.mixed_moments == 1);
  CHECK(distance.mixed_points == doctest::Approx(3));
}
