// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_zone.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;

TEST_CASE("each failure doubles the number of requests that are passed over, up to 64") {
  FolioWorld world;
  CompactZone zone(world.zone());
  const Order order{3};
  CHECK_FALSE(zone.deferred(order));
  zone.defer(order);
  CHECK(zone.deferred(order));
  CHECK_FALSE(zone.deferred(order));
  for (int i = 0; i < 10; ++i) {
    zone.defer(order);
  }
  CHECK(zone.defer_shift == 6);
  for (int i = 0; i < 63; ++i) {
    CHECK(zone.deferred(order));
  }
  CHECK_FALSE(zone.restarting(order));
  CHECK_FALSE(zone.deferred(order));
  CHECK(zone.restarting(order));
}

TEST_CASE("orders below the smallest that failed are not deferred") {
  FolioWorld world;
  CompactZone zone(world.zone());
  zone.reset_defer(Order{3}, true);
  zone.defer(Order{9});
  zone.defer(Order{9});
  CHECK(zone.order_failed == Order{4});
  CHECK_FALSE(zone.deferred(Order{3}));
  CHECK(zone.deferred(Order{9}));
}

TEST_CASE("only a block that was really had ends deferral") {
  FolioWorld world;
  CompactZone zone(world.zone());
  zone.defer(Order{3});
  zone.reset_defer(Order{3}, false);
  CHECK(zone.defer_shift == 1);
  CHECK_FALSE(zone.deferred(Order{3}));
  CHECK(zone.deferred(Order{4}));
  zone.reset_defer(Order{4}, true);
  CHECK(zone.defer_shift == 0);
}

TEST_CASE("hints are cleared only after a whole direct pass, and only where a pageblock is of use") {
  FolioWorld world;
  world.paint("UUUUUUUU M....... UUUUUUUU UUUUUUUU ........ ........ F....... UUUUUUUU");
  CompactZone zone(world.zone());
  for (std::size_t i = 0; i < world.zone().nr_pageblocks(); ++i) {
    world.zone().pageblock_at(i).skip = true;
  }
  zone.reset_isolation_suitable(world.zone());
  CHECK(world.zone().pageblock_at(1).skip);
  zone.flush_skip_bits = true;
  zone.reset_isolation_suitable(world.zone());
  CHECK(world.zone().pageblock_at(0).skip);
  CHECK_FALSE(world.zone().pageblock_at(1).skip);
  CHECK_FALSE(world.zone().pageblock_at(6).skip);
  CHECK(world.zone().pageblock_at(7).skip);
  CHECK(zone.migrate_sync == world.toy.at(8));
  CHECK(zone.first_source == world.toy.at(8));
  CHECK(zone.free == world.toy.at(48));
  CHECK_FALSE(zone.flush_skip_bits);
}

TEST_CASE("where nothing is of use the scanners are left without distance") {
  FolioWorld world;
  world.paint(std::string(64, 'U'));
  CompactZone zone(world.zone());
  for (std::size_t i = 0; i < world.zone().nr_pageblocks(); ++i) {
    world.zone().pageblock_at(i).skip = true;
  }
  zone.flush_skip_bits = true;
  zone.reset_isolation_suitable(world.zone());
  CHECK(zone.free <= zone.migrate_sync);
  zone.reset_positions(world.zone());
  CHECK(zone.migrate_async == world.toy.at(0));
  CHECK(zone.free == last_pageblock(world.zone()));
}
