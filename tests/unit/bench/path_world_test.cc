// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/path_world.h"

#include <doctest/doctest.h>

#include "sim/bench/path_bench.h"
#include "sim/mm/invariants.h"

using namespace gbsim;

TEST_CASE("bursts keep the amount of memory in use, and every list intact, under every variant") {
  for (const PathVariant& variant : path_variants()) {
    CAPTURE(variant.name);
    PathWorld world(variant, std::uint64_t{1} << 30, PathState::fresh);
    CHECK(world.burst(0) == 512);
    CHECK(world.burst(1) == 64);
    CHECK(world.burst(2) == 8);
    CHECK_NOTHROW(check_memory(world.memory()));
  }
}

TEST_CASE("aged memory is nine tenths full, of all types, and serves bursts") {
  PathWorld world(path_variants()[2], std::uint64_t{2} << 30, PathState::aged);
  const Zone& zone = world.memory().zone(0);
  const double free = static_cast<double>(zone.free_pages_exact().value) / static_cast<double>(zone.managed().value);
  CHECK(free < 0.11);
  CHECK(zone.gigablocks()->nr_in(GigablockCategory::tainted) > 0);
  CHECK(world.burst(0) == 512);
}
