// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/lru_scan.h"

#include <algorithm>

namespace gbsim {

namespace {

// Folios of too high a zone that one batch passes over before it takes what it finds: SWAP_CLUSTER_MAX_SKIPPED.
constexpr std::uint64_t kMaxSkipped = kSwapClusterMax.value << 10;

constexpr std::array kScanOrder{LruList::inactive_anon, LruList::active_anon, LruList::inactive_file,
                                LruList::active_file};

constexpr std::size_t at(LruList list) { return static_cast<std::size_t>(list); }

/** The counter of whoever reclaims in a family such as pgscan_*. */
VmEvent by(ReclaimBy who, VmEvent kswapd_member) {
  return static_cast<VmEvent>(static_cast<std::size_t>(kswapd_member) + static_cast<std::size_t>(who));
}
static_assert(static_cast<int>(VmEvent::pgscan_khugepaged) - static_cast<int>(VmEvent::pgscan_kswapd) ==
              static_cast<int>(ReclaimBy::khugepaged));
static_assert(static_cast<int>(VmEvent::pgsteal_khugepaged) - static_cast<int>(VmEvent::pgsteal_kswapd) ==
              static_cast<int>(ReclaimBy::khugepaged));

// The goal is met: the kind with less left to scan stops, the other goes on until the shares are as planned.
void settle_goal(LruPass& pass) {
  const auto sum = [](const ScanTargets& t, LruKind kind) {
    return t[at(inactive_list(kind))] + t[at(active_list(kind))];
  };
  const std::uint64_t anon = sum(pass.left, LruKind::anon);
  const std::uint64_t file = sum(pass.left, LruKind::file);
  const LruKind stops = file > anon ? LruKind::anon : LruKind::file;
  const LruKind goes_on = file > anon ? LruKind::file : LruKind::anon;
  if (file == 0 || anon == 0) {
    pass.left = ScanTargets{};
    return;
  }
  const std::uint64_t percent = std::min(anon, file) * 100 / (sum(pass.plan.targets, stops) + 1);
  for (const LruList list : {inactive_list(stops), active_list(stops)}) {
    pass.left[at(list)] = 0;
  }
  for (const LruList list : {inactive_list(goes_on), active_list(goes_on)}) {
    const std::uint64_t target = pass.plan.targets[at(list)];
    const std::uint64_t scanned = target - pass.left[at(list)];
    const std::uint64_t share = target * (100 - percent) / 100;
    pass.left[at(list)] = share - std::min(share, scanned);
  }
  pass.proportional = true;
}

}  // namespace

LruScan::LruScan(Memory& memory, Writeback& writeback, Swap& swap, ScanBalance& balance)
    : memory_(memory), writeback_(writeback), swap_(swap), balance_(balance) {}

LruPass LruScan::begin(const ScanControl& control) const {
  LruPass pass;
  pass.plan = balance_.plan(control);
  pass.left = pass.plan.targets;
  pass.proportional = control.by != ReclaimBy::kswapd && control.priority == kDefPriority;
  return pass;
}

bool LruScan::advance(ScanControl& control, LruPass& pass, const NodeFlags& flags, NrPages budget) {
  const NrPages until = control.scanned + budget;
  const auto more = [&] {
    return (pass.left[at(LruList::inactive_anon)] | pass.left[at(LruList::active_file)] |
            pass.left[at(LruList::inactive_file)]) != 0;
  };
  while (more()) {
    if (control.scanned >= until) {
      return true;
    }
    for (const LruList list : kScanOrder) {
      shrink_list(control, pass, flags, list);
    }
    if (pass.reclaimed >= control.goal && !pass.proportional) {
      settle_goal(pass);
    }
  }
  age_anon(control);
  return false;
}

void LruScan::age_anon(ScanControl& control) {
  if (swap_.exists() && balance_.inactive_is_low(control.node, LruKind::anon)) {
    shrink_active(control, NodeFlags{}, LruList::active_anon, kSwapClusterMax);
  }
}

void LruScan::shrink_list(ScanControl& control, LruPass& pass, const NodeFlags& flags, LruList list) {
  std::uint64_t& left = pass.left[at(list)];
  const NrPages pages{std::min(left, kSwapClusterMax.value)};
  left -= pages.value;
  if (pages.value == 0) {
    return;
  }
  if (!is_active(list)) {
    const NrPages before = control.reclaimed;
    shrink_inactive(control, flags, list, pages);
    pass.reclaimed += control.reclaimed - before;
  } else if (pass.plan.deactivate[static_cast<std::size_t>(kind_of(list))]) {
    shrink_active(control, flags, list, pages);
  } else {
    control.skipped_deactivate = true;
  }
}

LruScan::Batch LruScan::batch_of(ScanControl& control, const NodeFlags& flags, LruList list, NrPages wanted) {
  LruVec& lru = memory_.lru(control.node);
  Batch batch{control, flags, list, lru};
  batch.wanted = wanted;
  batch.limit = lru.nr_folios(list);
  return batch;
}

// The record of the next folio was asked for when the one before was looked at.
void LruScan::prefetch_from(std::uint32_t id) const {
  if (id == kNoFolio) {
    return;
  }
  const Folio& soon = memory_.folios()[FolioId{id}];
  memory_.prefetch_free(soon);
  memory_.folios().owner(soon.owner).prefetch_evicted(soon);
}

Maybe<FolioId> LruScan::next(Batch& batch) {
  while (batch.seen < batch.wanted && batch.limit != 0) {
    const FolioId id{batch.lru.tail(batch.list)};
    if (id.value == kNoFolio) {
      return std::nullopt;
    }
    --batch.limit;
    const Folio& folio = memory_.folios()[id];
    prefetch_from(folio.prev);
    const NrPages pages = folio.order.pages();
    memory_.meter().charge(WorkKind::lru_scan);
    batch.visited += pages;
    const ZoneType zone = memory_.zone(folio.zone).type();
    if (zone <= batch.control.highest || batch.skipped >= kMaxSkipped) {
      batch.seen += pages;
      return id;
    }
    ++batch.skipped;
    memory_.vmstat().add(for_zone(VmEvent::pgskip_dma, static_cast<std::size_t>(zone)), pages.value);
    batch.lru.remove(id);
    batch.lru.add_head(id, batch.list);
  }
  return std::nullopt;
}

void LruScan::shrink_active(ScanControl& control, const NodeFlags& flags, LruList list, NrPages pages) {
  Batch batch = batch_of(control, flags, list, pages);
  while (const auto id = next(batch)) {
    Folio& folio = memory_.folios()[*id];
    folio.clear(kYoung);
    folio.set(kWorkingset);
    batch.lru.remove(*id);
    batch.lru.add_head(*id, inactive_list(kind_of(list)));
  }
  memory_.vmstat().add(VmEvent::pgrefill, batch.visited.value);
  memory_.vmstat().add(VmEvent::pgdeactivate, batch.seen.value);
}

void LruScan::shrink_inactive(ScanControl& control, const NodeFlags& flags, LruList list, NrPages pages) {
  Batch batch = batch_of(control, flags, list, pages);
  while (const auto id = next(batch)) {
    settle(batch, *id);
  }
  end_batch(batch);
}

void LruScan::end_batch(const Batch& batch) {
  ScanControl& control = batch.control;
  Vmstat& vmstat = memory_.vmstat();
  const bool file = kind_of(batch.list) == LruKind::file;
  control.scanned += batch.seen;
  control.reclaimed += batch.reclaimed;
  control.tally.taken += batch.seen;
  control.tally.file_taken += file ? batch.seen : NrPages{};
  control.tally.unqueued_dirty += batch.unqueued_dirty;
  vmstat.add(by(control.by, VmEvent::pgscan_kswapd), batch.visited.value);
  vmstat.add(file ? VmEvent::pgscan_file : VmEvent::pgscan_anon, batch.visited.value);
  vmstat.add(by(control.by, VmEvent::pgsteal_kswapd), batch.reclaimed.value);
  vmstat.add(file ? VmEvent::pgsteal_file : VmEvent::pgsteal_anon, batch.reclaimed.value);
  balance_.note_cost(control.node, kind_of(batch.list), batch.paged_out, batch.visited - batch.reclaimed);
  if (batch.seen.value != 0 && batch.unqueued_dirty == batch.seen) {
    writeback_.request_flush();
  }
}

void LruScan::tally(Batch& batch, const Folio& folio) const {
  const NrPages pages = folio.order.pages();
  ScanTally& tally = batch.control.tally;
  if (folio.has(kWriteback)) {
    tally.dirty += pages;
    tally.writeback += pages;
    tally.congested += folio.has(kReclaim) ? pages : NrPages{};
    const bool kswapd = batch.control.by == ReclaimBy::kswapd;
    tally.immediate += kswapd && folio.has(kReclaim) && batch.flags.writeback ? pages : NrPages{};
  } else if (folio.has(kDirty) && !folio.has(kSwapBacked)) {
    tally.dirty += pages;
    batch.unqueued_dirty += pages;
  }
}

std::uint16_t LruScan::facts_of(const Batch& batch, const Folio& folio) const {
  unsigned facts = folio.flags;
  const auto add = [&](bool holds, ScanFact fact) { facts |= holds ? static_cast<unsigned>(fact) : 0U; };
  if (folio.has(kSwapBacked)) {
    add(batch.control.may_write, kMayWrite);
    add(swap_.fits(folio.order.pages()), kSwapFitsWhole);
    add(swap_.fits(NrPages{1}), kSwapFitsPage);
    add(folio.order.value != 0, kLarge);
  }
  return static_cast<std::uint16_t>(facts);
}

void LruScan::settle(Batch& batch, FolioId id) {
  Folio& folio = memory_.folios()[id];
  tally(batch, folio);
  const FolioFate fate = fate_rule(facts_of(batch, folio)).fate;
  if (!folio.has(kWriteback)) {
    folio.clear(kReferenced);
    folio.clear(kYoung);
  }
  switch (fate) {
    case FolioFate::reclaim:
      return reclaim(batch, id);
    case FolioFate::swap_out:
      return swap_out(batch, id);
    case FolioFate::split:
      return split_in_place(batch, id);
    case FolioFate::await_writeback:
      return await_writeback(batch, id);
    case FolioFate::activate:
      return activate(batch, id);
    case FolioFate::keep_referenced:
      folio.set(kReferenced);
      [[fallthrough]];
    case FolioFate::keep:
      batch.lru.remove(id);
      batch.lru.add_head(id, batch.list);
  }
}

void LruScan::reclaim(Batch& batch, FolioId id) {
  const NrPages pages = memory_.folios()[id].order.pages();
  batch.reclaimed += pages;
  memory_.meter().charge(WorkKind::reclaim_page, pages.value);
  evict(id, batch.control.cpu);
}

void LruScan::evict(FolioId id, CpuId cpu) {
  const Folio record = memory_.folios()[id];
  memory_.folios().owner(record.owner).on_evicted(id, record);
  memory_.free_folio(id, cpu);
}

// The parts take the place of the whole and are scanned next, in the same batch.
void LruScan::split_in_place(Batch& batch, FolioId id) {
  const Folio& folio = memory_.folios()[id];
  const NrPages pages = folio.order.pages();
  memory_.vmstat().add(VmEvent::thp_swpout_fallback,
                       folio.order == memory_.zone_of(folio).orders().pageblock ? 1 : 0);
  batch.wanted = std::max(batch.wanted, batch.seen);
  batch.seen -= pages;
  batch.visited -= pages;
  batch.limit += split(id).size();
}

std::vector<FolioId> LruScan::split(FolioId id) {
  const bool dirty_file = memory_.folios()[id].has(kDirty) && !memory_.folios()[id].has(kSwapBacked);
  memory_.meter().charge(WorkKind::split_folio);
  std::vector<FolioId> parts = memory_.split_folio(id);
  if (dirty_file) {
    writeback_.adopt(parts);
  }
  return parts;
}

// Slots of memory that is in use again are taken back while swap is more than half full: vm_swap_full().
void LruScan::move_to_active(Batch& batch, FolioId id) {
  batch.lru.remove(id);
  batch.lru.add_head(id, active_list(kind_of(batch.list)));
  memory_.vmstat().add(VmEvent::pgactivate, memory_.folios()[id].order.pages().value);
}

void LruScan::activate(Batch& batch, FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.has(kSwapBacked) && !folio.has(kDirty) && swap_.is_half_full()) {
    swap_.release(folio.order.pages());
    folio.set(kDirty);
  }
  move_to_active(batch, id);
}

void LruScan::await_writeback(Batch& batch, FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.has(kDirty)) {
    memory_.vmstat().add(VmEvent::nr_vmscan_immediate_reclaim, folio.order.pages().value);
  }
  folio.set(kReclaim);
  move_to_active(batch, id);
}

void LruScan::swap_out(Batch& batch, FolioId id) {
  Folio& folio = memory_.folios()[id];
  const NrPages pages = folio.order.pages();
  swap_.reserve(pages);
  if (folio.order == memory_.zone_of(folio).orders().pageblock) {
    memory_.vmstat().add(VmEvent::thp_swpout);
  }
  memory_.vmstat().add(VmEvent::nr_vmscan_write, pages.value);
  folio.set(kReclaim);
  writeback_.start(id);
  batch.paged_out += pages;
  batch.lru.remove(id);
  batch.lru.add_head(id, batch.list);
}

}  // namespace gbsim
