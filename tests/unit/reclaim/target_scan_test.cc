// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/target_scan.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

/** A free scanner alone, from the top of the zone, wanting as many targets as there are sources. */
struct Scan {
  Scan(FolioWorld& world, const CompactRequest& request, std::uint64_t sources)
      : control{world.memory(), world.zone(), world.compaction.cached(world.zone()), request},
        targets(control, world.migration) {
    control.migrate_pfn = world.zone().start();
    control.free_pfn = last_pageblock(world.zone());
    control.nr_sources = sources;
  }

  CompactControl control;
  TargetScan targets;
};

constexpr std::string_view kTop = "MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM M.MMMMMM MMMM.MM.";

}  // namespace

TEST_CASE("targets come from the topmost pageblocks, lowest page first") {
  FolioWorld world;
  world.paint(kTop);
  Scan scan(world, world.request(0, MigrateMode::sync), 3);
  CHECK(scan.targets.take(Order{0}) == world.toy.at(60));
  CHECK(scan.targets.take(Order{0}) == world.toy.at(63));
  CHECK(scan.targets.take(Order{0}) == world.toy.at(49));
  CHECK_FALSE(scan.targets.take(Order{0}));
  CHECK(world.count(VmEvent::compact_isolated) == 3);
}

TEST_CASE("targets that were not used return to the free lists") {
  FolioWorld world;
  world.paint(kTop);
  const std::string before = world.draw();
  {
    Scan scan(world, world.request(0, MigrateMode::sync), 2);
    const auto pfn = scan.targets.take(Order{0});
    REQUIRE(pfn);
    scan.targets.give_back(*pfn, Order{0});
    CHECK(scan.control.nr_targets == 2);
  }
  CHECK(world.draw() == before);
  world.toy.check();
}

TEST_CASE("pages are not taken out of unmovable pageblocks unless the request is desperate") {
  FolioWorld world;
  world.paint(kTop, "MMMMMMMU");
  Scan scan(world, world.request(0, MigrateMode::sync), 1);
  CHECK(scan.targets.take(Order{0}) == world.toy.at(49));
  CompactRequest desperate = world.request(0, MigrateMode::sync);
  desperate.any_target = true;
  desperate.ignore_skip = true;
  Scan other(world, desperate, 1);
  CHECK(other.targets.take(Order{0}) == world.toy.at(60));
}

TEST_CASE("a free block of the wanted order is no target") {
  FolioWorld world;
  world.paint("MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MM.MMMMM ........");
  Scan scan(world, world.request(3, MigrateMode::sync), 1);
  CHECK(scan.targets.take(Order{0}) == world.toy.at(50));
}

TEST_CASE("a large target comes whole out of a larger block, and the rest serves smaller ones") {
  FolioWorld world;
  world.paint("M....... MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMM....");
  Scan scan(world, world.request(3, MigrateMode::sync), 4);
  CHECK(scan.targets.take(Order{1}) == world.toy.at(60));
  CHECK(scan.targets.take(Order{0}) == world.toy.at(62));
  CHECK(scan.targets.take(Order{0}) == world.toy.at(63));
}

TEST_CASE("pageblocks without free pages are marked and lower the cached position") {
  FolioWorld world;
  world.paint("MMMMMMMM ........ MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MM.MMMMM MMMMMMMM");
  Scan scan(world, world.request(0, MigrateMode::sync), 1);
  CHECK(scan.targets.take(Order{0}) == world.toy.at(50));
  CHECK(world.zone().pageblock_at(7).skip);
  CHECK(world.compaction.cached(world.zone()).free == world.toy.at(48));
}

TEST_CASE("no target lies at or below the migrate scanner's pageblock") {
  FolioWorld world;
  world.paint("M.MMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM");
  Scan scan(world, world.request(0, MigrateMode::sync), 1);
  CHECK_FALSE(scan.targets.take(Order{0}));
  CHECK(scan.control.scanners_met());
}

TEST_CASE("the min watermark is not touched for targets") {
  FolioWorld world;
  world.paint(kTop);
  Watermarks marks;
  marks.mark = {3, 4, 5};
  world.zone().set_watermarks(marks);
  Scan scan(world, world.request(0, MigrateMode::sync), 1);
  CHECK_FALSE(scan.targets.take(Order{0}));
}

TEST_CASE("the fewer pages a scanner found, the fewer it looks at, an async one begins with every 32nd") {
  FolioWorld sync;
  FolioWorld async;
  sync.paint(std::string(64, 'M'));
  async.paint(std::string(64, 'M'));
  Scan careful(sync, sync.request(0, MigrateMode::sync), 1);
  Scan hasty(async, async.request(0, MigrateMode::async), 1);
  careful.targets.take(Order{0});
  hasty.targets.take(Order{0});
  CHECK(sync.count(VmEvent::compact_free_scanned) == 8 + 4 + 2 + 1 + 1 + 1 + 1);
  CHECK(async.count(VmEvent::compact_free_scanned) == 7);
}

TEST_CASE("the fast search takes a free block high in the zone without scanning down to it") {
  FolioWorld world(test::ToySpec{4, 8, 6});
  world.paint("M......." + std::string(952, 'M') + "." + std::string(63, 'M'));
  Scan scan(world, world.request(6, MigrateMode::async), 1);
  scan.control.search_order = Order{6};
  CHECK(scan.targets.take(Order{0}) == world.toy.at(960));
  CHECK(world.count(VmEvent::compact_free_scanned) < 8);
}

TEST_CASE("the fast search meets at most 16 blocks of a list, the scan of a full pageblock adds its own") {
  FolioWorld world(test::ToySpec{4, 8, 6});
  std::string pages;
  for (unsigned i = 0; i < 40; ++i) {
    pages += "M.";
  }
  world.paint(pages + std::string(1024 - pages.size(), 'M'));
  Scan scan(world, world.request(1, MigrateMode::async), 1);
  scan.control.migrate_pfn = world.toy.at(512);
  scan.control.free_pfn = world.toy.at(576);
  REQUIRE(scan.control.free_pfn < scan.control.cached.first_target);
  CHECK_FALSE(scan.targets.take(Order{0}));
  CHECK(world.count(VmEvent::compact_free_scanned) == 16 + 64 / 32);
}

TEST_CASE("a scanner below the migrate scanner finds nothing, by no search, and stays where it is") {
  FolioWorld world;
  world.paint("MM..MMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMM..M.");
  CompactRequest request = world.request(3, MigrateMode::async);
  request.direct = true;
  Scan scan(world, request, 4);
  scan.control.migrate_pfn = world.toy.at(48);
  scan.control.free_pfn = world.toy.at(8);
  CHECK_FALSE(scan.targets.take(Order{0}));
  CHECK(scan.control.free_pfn == world.toy.at(8));
}

TEST_CASE("async work that meets a held zone lock is contended, sync work waits") {
  FolioWorld world;
  world.paint("MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM .MMMMMMM .MMMMMMM");
  world.migration.set_lock_busy_share(1.0);
  Scan sync(world, world.request(0, MigrateMode::sync_light), 1);
  CHECK(sync.targets.take(Order{0}) == world.toy.at(56));
  CHECK_FALSE(sync.control.contended);
  Scan async(world, world.request(0, MigrateMode::async), 1);
  CHECK(async.targets.take(Order{0}) == world.toy.at(48));
  CHECK(async.control.contended);
}

TEST_CASE("a search of the free lists leaves what it looked at behind for the next one") {
  FolioWorld world;
  world.paint("MMMMMMMM M.MMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM M.MMMMMM");
  const auto first = [&] {
    Pfn head;
    world.zone().for_each_free(Order{0}, Migratetype::movable, [&](Pfn pfn) { return head = pfn, false; });
    return head;
  };
  const Pfn target = world.toy.at(57);
  Scan scan(world, world.request(3, MigrateMode::sync_light), 1);
  CHECK(scan.targets.take(Order{0}) == target);
  scan.targets.give_back(target, Order{0});
  scan.targets.release();
  CHECK(first() == world.toy.at(9));
  world.toy.check();
}
