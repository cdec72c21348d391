// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/fallback.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToyZone;

TEST_CASE("half of a pageblock must be free or compatible") {
  ToyZone toy;
  toy.paint("MMMMU... MMMMM... UUUUU...", "MMM");
  CHECK(mostly_compatible(toy.zone(), toy.at(0), Migratetype::unmovable));
  CHECK_FALSE(mostly_compatible(toy.zone(), toy.at(8), Migratetype::unmovable));
  CHECK(mostly_compatible(toy.zone(), toy.at(8), Migratetype::movable));
  CHECK_FALSE(mostly_compatible(toy.zone(), toy.at(16), Migratetype::movable));
}
