// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/recount.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToyZone;

TEST_CASE("a recount sees each kind of page once") {
  ToyZone toy;
  toy.paint("UUMR....");
  const ZoneRecount recount = recount_zone(toy.zone(), toy.memory().folios());
  CHECK(recount.pageblocks[0].unmovable == 2);
  CHECK(recount.pageblocks[0].movable == 1);
  CHECK(recount.pageblocks[0].reclaimable == 1);
  CHECK(recount.pageblocks[0].free == 4);
  CHECK(recount.managed == 256);
  CHECK(recount.free_blocks[2][index(Migratetype::movable)] == 1);
}

TEST_CASE("a recount refuses pages that belong to nobody") {
  ToyZone toy;
  toy.paint("UUMR....");
  toy.zone().clear_slot(toy.at(1));
  CHECK_THROWS_AS(recount_zone(toy.zone(), toy.memory().folios()), InvariantViolation);
}
