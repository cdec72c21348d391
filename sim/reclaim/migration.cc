// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/migration.h"

namespace gbsim {

Migration::Migration(Memory& memory, RandomStream stream, double busy_share)
    : memory_(memory), stream_(stream), busy_share_(busy_share) {}

bool Migration::can_try(const Folio& folio, MigrateMode mode) const {
  if (!folio.has(kMigratable) || folio.has(kPinned) || folio.has(kIsolated)) {
    return false;
  }
  return mode != MigrateMode::async || !folio.has(kWriteback);
}

MigrateOutcome Migration::obstacle(const Folio& folio, MigrateMode mode) {
  if (folio.has(kPinned)) {
    return MigrateOutcome::pinned;
  }
  if (folio.has(kWriteback) && mode != MigrateMode::sync) {
    return MigrateOutcome::under_writeback;
  }
  return stream_.chance(busy_share_) ? MigrateOutcome::busy : MigrateOutcome::migrated;
}

MigrateOutcome Migration::migrate(FolioId id, Pfn target, MigrateMode mode, CpuId cpu) {
  const Folio& folio = memory_.folios()[id];
  const NrPages pages = folio.order.pages();
  const bool huge = folio.order == memory_.zone_of(folio).orders().pageblock;
  const MigrateOutcome outcome = obstacle(folio, mode);
  Vmstat& vmstat = memory_.vmstat();
  if (outcome != MigrateOutcome::migrated) {
    vmstat.add(VmEvent::pgmigrate_fail, pages.value);
    vmstat.add(VmEvent::thp_migration_fail, huge ? 1 : 0);
    memory_.meter().charge(WorkKind::migrate_fail);
    return outcome;
  }
  const Pfn old = folio.pfn;
  const Order order = folio.order;
  memory_.move_folio(id, target);
  memory_.free_pages(old, order, cpu);
  vmstat.add(VmEvent::pgmigrate_success, pages.value);
  vmstat.add(VmEvent::thp_migration_success, huge ? 1 : 0);
  memory_.meter().charge(WorkKind::migrate_page, pages.value);
  return outcome;
}

}  // namespace gbsim
