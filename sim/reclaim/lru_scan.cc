// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/lru_scan.h"

#include <algorithm>
#include <cmath>

namespace gbsim {

namespace {

constexpr bool is_file(LruList list) {
  return list == LruList::inactive_file || list == LruList::active_file;
}

constexpr bool is_active(LruList list) {
  return list == LruList::active_anon || list == LruList::active_file;
}

constexpr LruList active_of(bool file) {
  return file ? LruList::active_file : LruList::active_anon;
}

constexpr LruList inactive_of(bool file) {
  return file ? LruList::inactive_file : LruList::inactive_anon;
}

constexpr std::array kScanOrder{LruList::inactive_anon, LruList::active_anon, LruList::inactive_file,
                                LruList::active_file};

}  // namespace

FolioFate fate_of(const Folio& folio, const FateContext& context) {
  if (folio.has(kPinned) || folio.has(kIsolated)) {
    return FolioFate::keep;
  }
  if (folio.has(kWriteback)) {
    return FolioFate::pass_over;
  }
  if (folio.has(kSwapBacked)) {
    if (folio.has(kReferenced)) {
      return FolioFate::activate;
    }
    if (folio.has(kDirty)) {
      return context.may_swap ? FolioFate::swap_out : FolioFate::activate;
    }
    return FolioFate::reclaim;
  }
  return folio.has(kDirty) ? FolioFate::pass_over : FolioFate::reclaim;
}

LruScan::LruScan(Memory& memory, Writeback& writeback, Swap& swap, Workingset& workingset)
    : memory_(memory), writeback_(writeback), swap_(swap), workingset_(workingset), costs_(memory.nr_nodes()) {}

bool LruScan::inactive_is_low(NodeId node, bool file) const {
  const LruVec& lru = memory_.lru(node);
  const std::uint64_t inactive = lru.size(inactive_of(file)).value;
  const std::uint64_t active = lru.size(active_of(file)).value;
  const std::uint64_t gigabytes = (inactive + active) >> 18;
  const auto ratio = gigabytes == 0 ? 1 : static_cast<std::uint64_t>(std::sqrt(10.0 * static_cast<double>(gigabytes)));
  return inactive * ratio < active;
}

void LruScan::note_cost(NodeId node, bool file, NrPages pages) {
  Cost& cost = costs_[node.value];
  (file ? cost.file : cost.anon) += pages.value;
  const LruVec& lru = memory_.lru(node);
  NrPages size;
  for (const LruList list : kScanOrder) {
    size += lru.size(list);
  }
  if (cost.anon + cost.file > size.value / 4) {
    cost.anon /= 2;
    cost.file /= 2;
  }
}

ScanTargets LruScan::targets(const ScanControl& control) const {
  const LruVec& lru = memory_.lru(control.node);
  const bool can_swap = control.may_swap && swap_.exists() && swap_.free().value != 0;
  const Cost& cost = costs_[control.node.value];
  const std::uint64_t swappiness = memory_.tunables().swappiness;
  const std::uint64_t total = cost.anon + cost.file;
  const std::uint64_t anon = can_swap ? swappiness * (2 * total + 1) / (total + cost.anon + 1) : 0;
  const std::uint64_t file = (200 - swappiness) * (2 * total + 1) / (total + cost.file + 1);
  const bool file_is_plenty = (lru.size(LruList::inactive_file).value >> control.priority) != 0 &&
                              !inactive_is_low(control.node, true);
  ScanTargets result{};
  for (const LruList list : kScanOrder) {
    const std::uint64_t size = lru.size(list).value;
    std::uint64_t scan = size >> control.priority;
    if (!can_swap || file_is_plenty) {
      scan = is_file(list) ? scan : 0;
    } else if (control.priority != 0) {
      scan = scan * (is_file(list) ? file : anon) / (anon + file);
    }
    result[static_cast<std::size_t>(list)] = scan;
  }
  return result;
}

void LruScan::shrink(ScanControl& control) {
  ScanTargets left = targets(control);
  auto more = [&] {
    return control.reclaimed < control.goal &&
           std::ranges::any_of(left, [](std::uint64_t pages) { return pages != 0; });
  };
  while (more()) {
    for (const LruList list : kScanOrder) {
      std::uint64_t& pages = left[static_cast<std::size_t>(list)];
      const std::uint64_t batch = std::min(pages, kSwapClusterMax.value);
      pages -= batch;
      shrink_list(control, list, batch);
    }
  }
  if (inactive_is_low(control.node, false)) {
    age_anon(control);
  }
}

void LruScan::age_anon(ScanControl& control) {
  if (swap_.exists() && inactive_is_low(control.node, false)) {
    shrink_active(control, LruList::active_anon, kSwapClusterMax.value);
  }
}

void LruScan::shrink_list(ScanControl& control, LruList list, std::uint64_t pages) {
  if (pages == 0) {
    return;
  }
  if (!is_active(list)) {
    shrink_inactive(control, list, pages);
  } else if (inactive_is_low(control.node, is_file(list))) {
    shrink_active(control, list, pages);
  }
}

bool LruScan::eligible(const ScanControl& control, const Folio& folio) const {
  return memory_.zone(folio.zone).type() <= control.highest;
}

void LruScan::shrink_active(ScanControl& control, LruList list, std::uint64_t pages) {
  LruVec& lru = memory_.lru(control.node);
  for (std::uint64_t seen = 0; seen < pages;) {
    const std::uint32_t victim = lru.tail(list);
    if (victim == kNoFolio) {
      return;
    }
    const FolioId id{victim};
    Folio& folio = memory_.folios()[id];
    seen += folio.order.pages().value;
    memory_.meter().charge(WorkKind::lru_scan);
    memory_.vmstat().add(VmEvent::pgrefill, folio.order.pages().value);
    memory_.vmstat().add(VmEvent::pgdeactivate, folio.order.pages().value);
    folio.clear(kReferenced);
    folio.set(kWorkingset);
    lru.remove(id);
    lru.add_head(id, inactive_of(is_file(list)));
  }
}

void LruScan::shrink_inactive(ScanControl& control, LruList list, std::uint64_t pages) {
  LruVec& lru = memory_.lru(control.node);
  Vmstat& vmstat = memory_.vmstat();
  for (std::uint64_t seen = 0; seen < pages;) {
    const std::uint32_t victim = lru.tail(list);
    if (victim == kNoFolio) {
      return;
    }
    const Folio& folio = memory_.folios()[FolioId{victim}];
    const std::uint64_t size = folio.order.pages().value;
    if (folio.prev != kNoFolio) {
      __builtin_prefetch(&memory_.folios()[FolioId{folio.prev}], 1);
    }
    seen += size;
    memory_.meter().charge(WorkKind::lru_scan);
    if (!eligible(control, folio)) {
      vmstat.add(for_zone(VmEvent::pgskip_dma, static_cast<std::size_t>(memory_.zone(folio.zone).type())), size);
      lru.remove(FolioId{victim});
      lru.add_head(FolioId{victim}, list);
      continue;
    }
    control.scanned += NrPages{size};
    vmstat.add(control.by == ReclaimBy::kswapd ? VmEvent::pgscan_kswapd : VmEvent::pgscan_direct, size);
    vmstat.add(is_file(list) ? VmEvent::pgscan_file : VmEvent::pgscan_anon, size);
    settle(control, FolioId{victim}, list);
  }
}

void LruScan::settle(ScanControl& control, FolioId id, LruList list) {
  const Folio& folio = memory_.folios()[id];
  const FateContext context{control.may_swap && swap_.free() >= folio.order.pages()};
  switch (fate_of(folio, context)) {
    case FolioFate::reclaim:
      count_reclaimed(control, folio);
      evict(id, control.cpu);
      break;
    case FolioFate::swap_out:
      swap_out(control, id, list);
      break;
    case FolioFate::activate:
    case FolioFate::keep:
      activate(id, list);
      break;
    case FolioFate::pass_over:
      pass_over(control, id, list);
      break;
  }
}

void LruScan::count_reclaimed(ScanControl& control, const Folio& folio) {
  const NrPages pages = folio.order.pages();
  control.reclaimed += pages;
  Vmstat& vmstat = memory_.vmstat();
  vmstat.add(control.by == ReclaimBy::kswapd ? VmEvent::pgsteal_kswapd : VmEvent::pgsteal_direct, pages.value);
  vmstat.add(folio.has(kSwapBacked) ? VmEvent::pgsteal_anon : VmEvent::pgsteal_file, pages.value);
  memory_.meter().charge(WorkKind::reclaim_page, pages.value);
}

void LruScan::evict(FolioId id, CpuId cpu) {
  const Folio record = memory_.folios()[id];
  memory_.folios().owner(record.owner).on_evicted(id, record);
  memory_.free_folio(id, cpu);
}

void LruScan::activate(FolioId id, LruList list) {
  LruVec& lru = memory_.lru(memory_.node_of(memory_.folios()[id]));
  const bool file = is_file(list);
  lru.remove(id);
  lru.add_head(id, active_of(file));
  const NrPages pages = memory_.folios()[id].order.pages();
  memory_.vmstat().add(VmEvent::pgactivate, pages.value);
  note_cost(memory_.node_of(memory_.folios()[id]), file, pages);
}

void LruScan::pass_over(ScanControl& control, FolioId id, LruList list) {
  LruVec& lru = memory_.lru(control.node);
  const Folio& folio = memory_.folios()[id];
  (folio.has(kWriteback) ? control.writeback : control.dirty) += folio.order.pages();
  if (folio.has(kDirty) && control.by == ReclaimBy::kswapd && control.may_write && control.priority < kDefPriority - 2) {
    writeback_.start(id);
    memory_.vmstat().add(VmEvent::nr_vmscan_write, folio.order.pages().value);
  }
  lru.remove(id);
  lru.add_head(id, list);
}

void LruScan::swap_out(ScanControl& control, FolioId id, LruList list) {
  const Folio& folio = memory_.folios()[id];
  swap_.reserve(folio.order.pages());
  if (folio.order == memory_.zone(folio.zone).orders().pageblock) {
    memory_.vmstat().add(VmEvent::thp_swpout);
  }
  writeback_.start(id);
  control.writeback += folio.order.pages();
  LruVec& lru = memory_.lru(control.node);
  lru.remove(id);
  lru.add_head(id, list);
}

}  // namespace gbsim
