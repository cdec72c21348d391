// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_run.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

constexpr NrPages kAll{1'000'000};

/** Runs one compaction to its end. */
struct Run {
  Run(FolioWorld& world, const CompactRequest& request)
      : run(world.memory(), world.migration, world.compaction.cached(world.zone()), request) {
    while (run.advance(kAll)) {
    }
  }
  CompactRun run;
};

CompactRequest everything(FolioWorld& world) {
  CompactRequest request = world.request(0, MigrateMode::sync);
  request.direct = false;
  request.whole_zone = true;
  request.ignore_skip = true;
  return request;
}

}  // namespace

TEST_CASE("compacting everything moves all movable pages to the top") {
  FolioWorld world;
  world.paint("M.M.M.M. .M.M.M.M ........ ........ ........ ........ MMMM.... MM......");
  Run all(world, everything(world));
  CHECK(all.run.outcome() == CompactOutcome::complete);
  CHECK(all.run.migrated() == 8);
  CHECK(world.draw() == "........ ........ ........ ........ ........ ........ MMMMMM.. MMMMMMMM");
  world.toy.check();
}

TEST_CASE("pinned and unmovable pages stay where they are") {
  FolioWorld world;
  world.paint("M.P.M.U. ........ ........ ........ ........ ........ ........ M.......");
  Run all(world, everything(world));
  CHECK(world.draw() == "..M...U. ........ ........ ........ ........ ........ ........ MMM.....");
  CHECK(world.count(VmEvent::pgmigrate_success) == 2);
  world.toy.check();
}

TEST_CASE("direct compaction keeps the block it made for its caller") {
  FolioWorld world;
  world.paint("MU..MM.. MM...... MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMM.MMM MMMM.MM.");
  Run direct(world, world.request(3, MigrateMode::async));
  CHECK(direct.run.outcome() == CompactOutcome::success);
  REQUIRE(direct.run.captured());
  CHECK(*direct.run.captured() == world.toy.at(8));
  CHECK(world.zone().slot(world.toy.at(8)).order() == Order{3});
  world.toy.check();
}

TEST_CASE("what is captured for kernel memory does not pollute a movable pageblock") {
  FolioWorld world;
  world.paint("M.M..... MMMM.MMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMM.MMM MMMM.MM.");
  CompactRequest request = world.request(2, MigrateMode::sync_light);
  request.type = Migratetype::unmovable;
  Run direct(world, request);
  CHECK_FALSE(direct.run.captured());
}

TEST_CASE("a zone without hope ends partially and leaves hints to be flushed") {
  FolioWorld world;
  world.paint("MU.M..U. U.M..U.. MUMM.MUM MMMUMMMM MMUMMMMM MMMMUMMM MMUM.MMM MUMM.MM.");
  CompactZone& cached = world.compaction.cached(world.zone());
  cached.migrate_async = cached.migrate_sync = world.toy.at(8);
  Run direct(world, world.request(3, MigrateMode::sync_light));
  CHECK(direct.run.outcome() == CompactOutcome::partial);
  CHECK(cached.flush_skip_bits);
  CHECK(cached.migrate_sync == world.toy.at(0));
  CHECK(cached.free == world.toy.at(56));
  world.toy.check();
}

TEST_CASE("without a target left the compaction gives up at once") {
  FolioWorld world;
  world.paint("M.M..... MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM MMM.MMMM");
  Watermarks marks;
  marks.mark = {7, 7, 7};
  world.zone().set_watermarks(marks);
  Run direct(world, world.request(3, MigrateMode::sync_light));
  CHECK(direct.run.outcome() == CompactOutcome::contended);
  CHECK(world.count(VmEvent::pgmigrate_success) == 0);
  world.toy.check();
}

TEST_CASE("a large folio without a target of its size moves in parts") {
  FolioWorld world;
  world.paint("........ ........ MMMMMMMM MMMMMMMM MMMMMMMM MMMMMMMM M.M.M.M. M.M.M.M.");
  world.add_large(0, 1);
  Run all(world, everything(world));
  CHECK(world.owner.split.size() == 2);
  CHECK(world.draw().substr(0, 8) == "........");
  world.toy.check();
}

TEST_CASE("a budget divides the work and changes nothing about its result") {
  FolioWorld whole;
  FolioWorld parts;
  const std::string_view zone = "M.M.M.M. .M.M.M.M ........ M.M..... ........ ........ MMMM.... MM......";
  whole.paint(zone);
  parts.paint(zone);
  Run at_once(whole, everything(whole));
  CompactRun run(parts.memory(), parts.migration, parts.compaction.cached(parts.zone()), everything(parts));
  int steps = 1;
  while (run.advance(NrPages{1})) {
    ++steps;
  }
  CHECK(steps > 3);
  CHECK(parts.draw() == whole.draw());
}

TEST_CASE("proactive work stops at its score, or when kswapd begins to run") {
  FolioWorld world;
  world.paint("M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M.");
  CompactRequest request = everything(world);
  request.until_score = 60;
  world.zone().set_reclaim_active(true);
  Run stopped(world, request);
  CHECK(stopped.run.outcome() == CompactOutcome::partial);
  CHECK(stopped.run.migrated() == 0);
  world.zone().set_reclaim_active(false);
  request.mode = MigrateMode::sync_light;
  Run done(world, request);
  CHECK(done.run.migrated() > 0);
  world.toy.check();
}
