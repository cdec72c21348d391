// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/placement.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("modes are ordered by the risk of fragmentation") {
  CHECK(PlacementMode::normal < PlacementMode::cma);
  CHECK(PlacementMode::cma < PlacementMode::claim);
  CHECK(PlacementMode::claim < PlacementMode::steal);
}
