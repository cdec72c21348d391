// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/migration.h"

#include <doctest/doctest.h>

#include "folio_world.h"
#include "sim/reclaim/writeback.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

constexpr CpuId kCpu{};

/** A raw order-0 block at @page, which must be free. */
Pfn isolate_target(FolioWorld& world, std::uint64_t page) {
  const Pfn pfn = world.toy.at(page);
  Order found{0};
  while (!world.zone().is_free_block(pfn.align_down(found), found)) {
    ++found;
  }
  world.zone().take_block(pfn.align_down(found), found, Order{0}, Migratetype::movable);
  world.zone().set_raw(pfn, Order{0}, Migratetype::movable, false);
  return pfn;
}

}  // namespace

TEST_CASE("a migrated folio keeps its identity, becomes the youngest of its list and frees its old page") {
  FolioWorld world;
  world.paint("M.M.....");
  const FolioId id = world.id_at(0);
  const Pfn target = isolate_target(world, 8);
  CHECK(world.migration.migrate(id, target, MigrateMode::async, kCpu) == MigrateOutcome::migrated);
  CHECK(world.memory().folios()[id].pfn == target);
  CHECK(world.lru().head(LruList::inactive_anon) == id.value);
  CHECK(world.draw().substr(0, 17) == "..M..... M.......");
  CHECK(world.count(VmEvent::pgmigrate_success) == 1);
  CHECK(world.memory().meter().units(WorkKind::migrate_page) == 1);
  world.toy.check();
}

TEST_CASE("a pinned file folio is found out by trying, a pinned anon folio by looking") {
  FolioWorld world;
  world.paint("PQ......");
  CHECK_FALSE(world.migration.can_try(world.folio_at(0), MigrateMode::sync));
  CHECK(world.migration.can_try(world.folio_at(1), MigrateMode::async));
  const Pfn target = isolate_target(world, 8);
  CHECK(world.migration.migrate(world.id_at(1), target, MigrateMode::sync, kCpu) == MigrateOutcome::pinned);
  CHECK(world.count(VmEvent::pgmigrate_fail) == 1);
  CHECK(world.memory().meter().units(WorkKind::migrate_fail) == 1);
}

TEST_CASE("folios under writeback are left alone unless migration may wait for the device") {
  FolioWorld world;
  Writeback writeback(world.memory());
  world.migration.connect(writeback);
  world.paint("F.......");
  const FolioId id = world.id_at(0);
  writeback.mark_dirty(id);
  writeback.start(id);
  CHECK_FALSE(world.migration.can_try(world.folio_at(0), MigrateMode::async));
  CHECK_FALSE(world.migration.can_try(world.folio_at(0), MigrateMode::sync_light));
  CHECK(world.migration.can_try(world.folio_at(0), MigrateMode::sync));
  const Ns before = world.memory().meter().spent();
  const Pfn target = isolate_target(world, 8);
  CHECK(world.migration.migrate(id, target, MigrateMode::sync, kCpu) == MigrateOutcome::migrated);
  CHECK(world.memory().meter().spent() - before >= world.toy.tunables().disk_latency);
  CHECK(writeback.under_writeback() == NrPages{});
}

TEST_CASE("whoever waited for the device has not to wait again for what ended meanwhile") {
  FolioWorld world;
  Writeback writeback(world.memory());
  world.migration.connect(writeback);
  world.paint("FFFFFF..");
  for (std::uint64_t page = 0; page < 6; ++page) {
    writeback.mark_dirty(world.id_at(page));
    writeback.start(world.id_at(page));
  }
  const Ns before = world.memory().meter().spent();
  std::vector<FolioId> ids;
  for (std::uint64_t page = 0; page < 6; ++page) {
    ids.push_back(world.id_at(page));
  }
  for (std::uint64_t i = 0; i < ids.size(); ++i) {
    const Pfn target = isolate_target(world, 8 + i);
    CHECK(world.migration.migrate(ids[i], target, MigrateMode::sync, kCpu) == MigrateOutcome::migrated);
  }
  CHECK(world.memory().meter().spent() - before < 2 * world.toy.tunables().disk_latency);
}

TEST_CASE("a folio that somebody holds for a moment is busy") {
  FolioWorld world(test::ToySpec{1}, 1.0);
  world.paint("M.......");
  const Pfn target = isolate_target(world, 8);
  CHECK(world.migration.migrate(world.id_at(0), target, MigrateMode::async, kCpu) == MigrateOutcome::busy);
  CHECK(world.folio_at(0).pfn == world.toy.at(0));
}

TEST_CASE("movable memory on no LRU list cannot be isolated, unless its owner moves it") {
  FolioWorld world;
  world.paint("M.......");
  world.lru().remove(world.id_at(0));
  CHECK_FALSE(world.migration.can_try(world.folio_at(0), MigrateMode::async));
  world.memory().set_migratable(world.id_at(0), true);
  CHECK(world.migration.can_try(world.folio_at(0), MigrateMode::async));
}

TEST_CASE("huge pages count under their own names") {
  FolioWorld world;
  world.paint("");
  const FolioId huge = world.add_large(0, 3);
  const FolioId other = world.add_large(8, 3);
  world.memory().set_pinned(other, true);
  world.zone().take_block(world.toy.at(16), Order{4}, Order{3}, Migratetype::movable);
  world.zone().set_raw(world.toy.at(16), Order{3}, Migratetype::movable, false);
  CHECK(world.migration.migrate(other, world.toy.at(16), MigrateMode::sync, kCpu) == MigrateOutcome::pinned);
  CHECK(world.migration.migrate(huge, world.toy.at(16), MigrateMode::sync, kCpu) == MigrateOutcome::migrated);
  CHECK(world.count(VmEvent::thp_migration_success) == 1);
  CHECK(world.count(VmEvent::thp_migration_fail) == 1);
  CHECK(world.count(VmEvent::pgmigrate_success) == 8);
  CHECK(world.migration.split(huge).size() == 8);
  CHECK(world.count(VmEvent::thp_migration_split) == 1);
}
