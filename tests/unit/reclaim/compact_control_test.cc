// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_control.h"

#include <doctest/doctest.h>

#include "folio_world.h"
#include "sim/reclaim/compact_types.h"

using namespace gbsim;
using test::FolioWorld;

TEST_CASE("scanned pages are paid for and show under compact_daemon_* only if the daemon scanned them") {
  FolioWorld world;
  CompactRequest request = world.request(3, MigrateMode::async);
  CompactControl direct{world.memory(), world.zone(), world.compaction.cached(world.zone()), request};
  direct.count_migrate_scanned(10);
  request.daemon = true;
  CompactControl daemon{world.memory(), world.zone(), world.compaction.cached(world.zone()), request};
  daemon.count_free_scanned(5);
  CHECK(world.count(VmEvent::compact_migrate_scanned) == 10);
  CHECK(world.count(VmEvent::compact_daemon_migrate_scanned) == 0);
  CHECK(world.count(VmEvent::compact_free_scanned) == 5);
  CHECK(world.count(VmEvent::compact_daemon_free_scanned) == 5);
  CHECK(world.memory().meter().units(WorkKind::compact_scan) == 15);
}

TEST_CASE("the scanners have met when they are in the same pageblock") {
  FolioWorld world;
  CompactControl control{world.memory(), world.zone(), world.compaction.cached(world.zone()), CompactRequest{}};
  control.migrate_pfn = world.toy.at(8);
  control.free_pfn = world.toy.at(16);
  CHECK_FALSE(control.scanners_met());
  control.migrate_pfn = world.toy.at(17);
  CHECK(control.scanners_met());
}

TEST_CASE("outcomes of zones compare from worst to best") {
  CHECK(CompactOutcome::skipped < CompactOutcome::deferred);
  CHECK(CompactOutcome::deferred < CompactOutcome::complete);
  CHECK(CompactOutcome::contended < CompactOutcome::success);
}
