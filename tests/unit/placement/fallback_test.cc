// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/fallback.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToyZone;

TEST_CASE("unmovable requests fall back to reclaimable memory before movable") {
  ToyZone toy;
  toy.paint("MM...... RR......", "MR");
  CHECK(fallback_list(toy.zone(), Order{2}, Migratetype::unmovable) == Migratetype::reclaimable);
  CHECK(fallback_list(toy.zone(), Order{2}, Migratetype::movable) == Migratetype::reclaimable);
  CHECK(fallback_list(toy.zone(), Order{2}, Migratetype::reclaimable) == Migratetype::movable);
  CHECK_FALSE(fallback_list(toy.zone(), Order{2}, Migratetype::highatomic));
}

TEST_CASE("only small movable requests may not claim") {
  ToyZone toy;
  CHECK_FALSE(may_claim(toy.zone(), Order{0}, Migratetype::movable));
  CHECK(may_claim(toy.zone(), Order{1}, Migratetype::movable));
  CHECK(may_claim(toy.zone(), Order{0}, Migratetype::reclaimable));
}

TEST_CASE("half of a pageblock must be free or compatible") {
  ToyZone toy;
  toy.paint("MMMMU... MMMMM... UUUUU...", "MMM");
  CHECK(mostly_compatible(toy.zone(), toy.at(0), Migratetype::unmovable));
  CHECK_FALSE(mostly_compatible(toy.zone(), toy.at(8), Migratetype::unmovable));
  CHECK(mostly_compatible(toy.zone(), toy.at(8), Migratetype::movable));
  CHECK_FALSE(mostly_compatible(toy.zone(), toy.at(16), Migratetype::movable));
}
