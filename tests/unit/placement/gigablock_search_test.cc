// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/gigablock_search.h"

#include <doctest/doctest.h>

#include <string>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

ToySpec ten_gigablocks() {
  return {.gigablocks = 10, .gigablock_order = 4, .pageblock_order = 2, .placement = PlacementKind::gigablock_walk};
}

/** Nine full clean gigablocks, then one with a free page. */
std::string last_has_room() {
  std::string drawing;
  for (int i = 0; i < 9; ++i) {
    drawing += "MMMM MMMM MMMM MMMM ";
  }
  return drawing + "MMMM MMMM MMMM MMM.";
}

constexpr GigablockWanted kPage{GigablockCategory::clean, Migratetype::movable, Order{0}};

}  // namespace

TEST_CASE("the walk examines every gigablock before the one it picks") {
  ToyZone toy(ten_gigablocks());
  toy.paint(last_has_room());
  WalkSearch walk;
  CHECK(walk.find(*toy.zone().gigablocks(), kPage) == GigablockId{9});
  CHECK(walk.cost().picks == 1);
  CHECK(walk.cost().gigablocks_examined == 10);
  CHECK_FALSE(walk.find(*toy.zone().gigablocks(), {GigablockCategory::tainted, Migratetype::movable, Order{0}}));
  CHECK(walk.cost().gigablocks_examined == 10);
}

TEST_CASE("the refined bitmap reads one word for a miss and one a level for a hit") {
  ToyZone toy(ten_gigablocks());
  toy.paint(last_has_room());
  BitmapSearch bitmap(toy.tunables());
  CHECK(bitmap.find(*toy.zone().gigablocks(), kPage) == GigablockId{9});
  CHECK(bitmap.cost().bitmap_words == 2);
  CHECK(bitmap.cost().gigablocks_examined == 0);
}

TEST_CASE("bitmaps that do not know types find what is not there") {
  ToyZone toy(ten_gigablocks());
  toy.paint("M... .... .... .... MMM. MMMM MMMM MMMM", "UUUU");
  GigablockTunables proposed = toy.tunables();
  proposed.bitmap_typed = proposed.bitmap_at_least = proposed.bitmap_fullness = proposed.bitmap_summary = false;
  BitmapSearch bitmap(proposed);
  CHECK(bitmap.find(*toy.zone().gigablocks(), kPage) == GigablockId{1});
  CHECK(bitmap.cost().false_positives == 1);
}
