// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/watermark_query.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

TEST_CASE("a query must leave the mark and the reserve for requests of lower zones") {
  ToyZone toy;
  toy.zone().set_watermarks(Watermarks{{100, 120, 140}, {0, 0, 150, 0}});
  const auto holds = [&](ZoneType highest, std::uint64_t mark) {
    return toy.zone().watermark_ok(WatermarkQuery{Order{0}, mark, highest, {}}, 256);
  };
  CHECK(holds(ZoneType::dma, 140));
  CHECK_FALSE(holds(ZoneType::normal, 140));
  CHECK(holds(ZoneType::normal, 100));
}

TEST_CASE("where a boundary is drawn, free memory below it does not count") {
  ToyZone toy(ToySpec{.placement = PlacementKind::confined});
  const WatermarkQuery query{Order{0}, 239, ZoneType::normal, {}};
  CHECK(toy.zone().free_confined() == NrPages{16});
  CHECK(toy.zone().watermark_ok(query, 256));
  CHECK_FALSE(toy.zone().watermark_ok(query, 255));
}
