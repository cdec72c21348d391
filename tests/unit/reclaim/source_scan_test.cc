// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/source_scan.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;
using test::ToySpec;

namespace {

/** A migrate scanner alone, from the bottom of the zone; the free scanner waits at the top. */
struct Scan {
  Scan(FolioWorld& world, const CompactRequest& request)
      : control{world.memory(), world.zone(), world.compaction.cached(world.zone()), request},
        sources(control, world.migration) {
    control.migrate_pfn = world.zone().start();
    control.free_pfn = last_pageblock(world.zone());
  }

  bool isolate() {
    sources.folios().clear();
    control.nr_sources = 0;
    return sources.isolate();
  }
  std::size_t found() { return sources.folios().size(); }

  CompactControl control;
  SourceScan sources;
};

}  // namespace

TEST_CASE("the migrate scanner isolates what can move in the first pageblock that has any") {
  FolioWorld world;
  world.paint("UUUUUUUU M.PFU.X. MMMMMMMM");
  Scan scan(world, world.request(0, MigrateMode::sync));
  CHECK_FALSE(scan.isolate());
  CHECK(scan.control.migrate_pfn == world.toy.at(8));
  REQUIRE(scan.isolate());
  CHECK(scan.found() == 2);
  CHECK(scan.control.migrate_pfn == world.toy.at(16));
}

TEST_CASE("a pageblock without anything movable is marked and passed over from then on") {
  FolioWorld world;
  world.paint("UUUU.... M.......");
  Scan scan(world, world.request(3, MigrateMode::sync_light));
  CHECK_FALSE(scan.isolate());
  CHECK(world.zone().pageblock_at(0).skip);
  CHECK(world.count(VmEvent::compact_migrate_scanned) == 8);
  Scan again(world, world.request(3, MigrateMode::sync_light));
  CHECK(again.isolate());
  CHECK(again.control.migrate_pfn == world.toy.at(16));
  CHECK(world.count(VmEvent::compact_migrate_scanned) == 16);
}

TEST_CASE("a pageblock that was scanned is skipped by the next scan, unless hints are ignored") {
  FolioWorld world;
  world.paint("M....... ........ M.......");
  Scan first(world, world.request(3, MigrateMode::sync_light));
  CHECK(first.isolate());
  CHECK(world.zone().pageblock_at(0).skip);
  Scan second(world, world.request(3, MigrateMode::sync_light));
  while (!second.isolate() && second.control.migrate_pfn < second.control.free_pfn) {
  }
  CHECK(second.control.migrate_pfn == world.toy.at(24));
  CompactRequest thorough = world.request(3, MigrateMode::sync_light);
  thorough.ignore_skip = true;
  Scan third(world, thorough);
  CHECK(third.isolate());
  CHECK(third.control.migrate_pfn == world.toy.at(8));
}

TEST_CASE("an async direct scan stays in pageblocks of its own type") {
  FolioWorld world;
  world.paint("M....... M.......", "UM");
  Scan movable(world, world.request(3, MigrateMode::async));
  REQUIRE(movable.isolate());
  CHECK(movable.control.migrate_pfn == world.toy.at(16));
  CompactRequest unmovable = world.request(3, MigrateMode::async);
  unmovable.type = Migratetype::unmovable;
  unmovable.ignore_skip = true;
  Scan other(world, unmovable);
  REQUIRE(other.isolate());
  CHECK(other.control.migrate_pfn == world.toy.at(8));
}

TEST_CASE("an async direct scan gives up a chunk of the wanted order at its first obstacle") {
  FolioWorld world;
  world.paint("MUMM..M.");
  Scan scan(world, world.request(2, MigrateMode::async));
  REQUIRE(scan.isolate());
  CHECK(scan.found() == 1);
  CHECK(world.memory().folios()[scan.sources.folios()[0]].pfn == world.toy.at(6));
  CHECK(scan.control.nr_sources == 1);
}

TEST_CASE("the migrate scanner stops after a cluster of 32 pages, unless it must finish the pageblock") {
  FolioWorld world(ToySpec{4, 8, 6});
  world.paint(std::string(64, 'M'));
  Scan scan(world, world.request(6, MigrateMode::sync_light));
  REQUIRE(scan.isolate());
  CHECK(scan.found() == 32);
  CHECK(scan.control.migrate_pfn == world.toy.at(32));
  scan.control.finish_pageblock = true;
  scan.control.migrate_pfn = world.toy.at(0);
  scan.control.request.ignore_skip = true;
  REQUIRE(scan.isolate());
  CHECK(scan.found() == 64);
}

TEST_CASE("folios as large as the wish, and huge pages, stay where they are") {
  FolioWorld world(ToySpec{1, 6, 4});
  world.paint("");
  world.add_large(0, 2);
  world.add_large(4, 1);
  Scan scan(world, world.request(2, MigrateMode::sync_light));
  REQUIRE(scan.isolate());
  CHECK(scan.found() == 1);
  CompactRequest thorough = world.request(0, MigrateMode::sync);
  thorough.ignore_skip = true;
  Scan any(world, thorough);
  REQUIRE(any.isolate());
  CHECK(any.found() == 2);
}

TEST_CASE("requests that must not enter file systems move anonymous memory only") {
  FolioWorld world;
  world.paint("FM......");
  CompactRequest nofs = world.request(3, MigrateMode::sync_light);
  nofs.may_fs = false;
  Scan scan(world, nofs);
  REQUIRE(scan.isolate());
  CHECK(scan.found() == 1);
}

TEST_CASE("a fast search starts at a pageblock that has a large free block") {
  FolioWorld world(ToySpec{4, 8, 6});
  world.paint("");
  world.add_large(0, 0);
  world.add_large(64, 0);
  world.zone().pageblock_at(0).skip = false;
  Scan scan(world, world.request(6, MigrateMode::sync_light));
  scan.control.search_order = Order{6};
  CHECK(scan.isolate());
  CHECK(scan.control.fast_search_fail == 0);
  CHECK(scan.control.fast_start.has_value());
}

TEST_CASE("a fast search leaves out gigablocks where nothing can be moved, or it would find the same block for ever") {
  FolioWorld world(ToySpec{.gigablocks = 4, .gigablock_order = 5, .pageblock_order = 4,
                           .placement = PlacementKind::gigablock_bitmap});
  world.paint("UUUUUUUU UUUUUUUU UUUUUUUU ........ MMMMMMMM MMMMMMMM", "UM");
  const auto search = [&] {
    Scan scan(world, world.request(5, MigrateMode::sync_light));
    scan.control.search_order = Order{5};
    scan.isolate();
    return scan.control.fast_start;
  };
  CHECK_FALSE(search().has_value());
  world.toy.tunables().gigablock_skip_immovable = false;
  CHECK(search() == world.toy.at(24));
}
