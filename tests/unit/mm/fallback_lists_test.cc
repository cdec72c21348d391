// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/fallback_lists.h"

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
