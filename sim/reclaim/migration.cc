// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/migration.h"

#include <algorithm>

#include "sim/reclaim/writeback.h"

namespace gbsim {

namespace {

// Async passes over a locked folio after three looks; the others sleep until it is unlocked, which leaves them with
// the references nobody gives back. The halving is an estimate.
constexpr double kSyncBusyFactor = 0.5;

}  // namespace

Migration::Migration(Memory& memory, RandomStream stream, double busy_share)
    : memory_(memory), stream_(stream), busy_share_(busy_share) {}

bool Migration::is_huge(const Folio& folio) const {
  return folio.order >= memory_.zone(folio.zone).orders().pageblock;
}

// The kernel sees a pin before the attempt only on anonymous folios, where references and mappings should agree.
bool Migration::can_try(const Folio& folio, MigrateMode mode) const {
  if ((folio.lru == LruList::none && !folio.has(kMigratable)) || folio.has(kIsolated)) {
    return false;
  }
  if (folio.has(kPinned) && folio.has(kSwapBacked)) {
    return false;
  }
  return mode == MigrateMode::sync || !folio.has(kWriteback);
}

bool Migration::wait_for_writeback(FolioId id) {
  while (writeback_ != nullptr && memory_.folios()[id].has(kWriteback)) {
    const Ns done = writeback_->next_completion();
    if (done == Ns::max()) {
      return false;
    }
    const Ns since = std::max(memory_.clock().now, waited_until_);
    memory_.meter().charge_time(std::max(done - since, Ns{0}));
    waited_until_ = std::max(waited_until_, done);
    writeback_->complete(done);
  }
  return writeback_ != nullptr;
}

MigrateOutcome Migration::obstacle(FolioId id, MigrateMode mode) {
  const Folio& folio = memory_.folios()[id];
  if (folio.has(kWriteback) && (mode != MigrateMode::sync || !wait_for_writeback(id))) {
    return MigrateOutcome::under_writeback;
  }
  if (folio.has(kPinned)) {
    return MigrateOutcome::pinned;
  }
  const double share = mode == MigrateMode::async ? busy_share_ : busy_share_ * kSyncBusyFactor;
  return stream_.chance(share) ? MigrateOutcome::busy : MigrateOutcome::migrated;
}

MigrateOutcome Migration::migrate(FolioId id, Pfn target, MigrateMode mode, CpuId cpu) {
  const MigrateOutcome outcome = obstacle(id, mode);
  const Folio& folio = memory_.folios()[id];
  const Order order = folio.order;
  const std::uint64_t huge = is_huge(folio) ? 1 : 0;
  Vmstat& vmstat = memory_.vmstat();
  if (outcome != MigrateOutcome::migrated) {
    vmstat.add(VmEvent::pgmigrate_fail, order.pages().value);
    vmstat.add(VmEvent::thp_migration_fail, huge);
    memory_.meter().charge(WorkKind::migrate_fail);
    return outcome;
  }
  const Pfn old = folio.pfn;
  memory_.move_folio(id, target);
  putback(id);
  memory_.free_pages(old, order, cpu);
  vmstat.add(VmEvent::pgmigrate_success, order.pages().value);
  vmstat.add(VmEvent::thp_migration_success, huge);
  memory_.meter().charge(WorkKind::migrate_page, order.pages().value);
  return outcome;
}

void Migration::putback(FolioId id) {
  const Folio& folio = memory_.folios()[id];
  const LruList list = folio.lru;
  if (list == LruList::none) {
    return;
  }
  LruVec& lru = memory_.lru(memory_.node_of(folio));
  lru.remove(id);
  lru.add_head(id, list);
}

std::vector<FolioId> Migration::split(FolioId id) {
  memory_.vmstat().add(VmEvent::thp_migration_split, is_huge(memory_.folios()[id]) ? 1 : 0);
  memory_.meter().charge(WorkKind::split_folio);
  const bool dirty_file = memory_.folios()[id].has(kDirty) && !memory_.folios()[id].has(kSwapBacked);
  std::vector<FolioId> parts = memory_.split_folio(id);
  if (dirty_file && writeback_ != nullptr) {
    writeback_->adopt(parts);
  }
  return parts;
}

}  // namespace gbsim
