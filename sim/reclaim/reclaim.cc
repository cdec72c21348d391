// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/reclaim.h"

#include <algorithm>

#include "sim/reclaim/compact_suitable.h"

namespace gbsim {

Reclaim::Reclaim(Memory& memory)
    : memory_(memory),
      writeback_(memory),
      swap_(memory),
      workingset_(memory),
      slab_(memory),
      balance_(memory, swap_, workingset_),
      scan_(memory, writeback_, swap_, balance_),
      nodes_(memory, scan_, balance_, slab_, writeback_),
      kswapd_(memory, nodes_) {}

void Reclaim::mark_accessed(FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.has(kSwapBacked)) {
    folio.set(kYoung);
    return;
  }
  if (!folio.has(kReferenced) || folio.lru == LruList::none || is_active(folio.lru)) {
    folio.set(kReferenced);
    return;
  }
  const NodeId node = memory_.node_of(folio);
  LruVec& lru = memory_.lru(node);
  folio.clear(kReferenced);
  lru.remove(id);
  lru.add_head(id, LruList::active_file);
  workingset_.age(node, folio.order.pages());
  memory_.vmstat().add(VmEvent::pgactivate, folio.order.pages().value);
}

void Reclaim::mark_dirty(FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (!folio.has(kSwapBacked)) {
    writeback_.mark_dirty(id);
    return;
  }
  folio.set(kYoung);
  if (!folio.has(kDirty)) {
    swap_.release(folio.order.pages());
    folio.set(kDirty);
    folio.clear(kReclaim);
  }
}

void Reclaim::balance_dirty() { memory_.meter().charge_time(writeback_.balance()); }

void Reclaim::forget(FolioId id) {
  const Folio& folio = memory_.folios()[id];
  if (folio.has(kSwapBacked) && !folio.has(kDirty)) {
    swap_.release(folio.order.pages());
  }
  writeback_.forget(id);
}

void Reclaim::refault(FolioId id, Shadow shadow) {
  if (shadow == 0 || shadow == kNoTrace) {
    return;
  }
  Folio& folio = memory_.folios()[id];
  const Refault refault = workingset_.refault(shadow, folio);
  if (!refault.activate || folio.lru == LruList::none) {
    return;
  }
  const NodeId node = memory_.node_of(folio);
  const LruKind kind = kind_of(folio);
  if (refault.was_workingset) {
    folio.set(kWorkingset);
    balance_.note_cost(node, kind, folio.order.pages(), NrPages{});
  }
  LruVec& lru = memory_.lru(node);
  lru.remove(id);
  lru.add_head(id, active_list(kind));
}

// Reserves that only reclaim itself may use are half gone: throttle_direct_reclaim().
void Reclaim::throttle_on_reserves(const DirectReclaim& request) {
  NrPages free;
  NrPages reserve;
  for (const Zone* zone : memory_.zones_of(request.node)) {
    if (zone->type() <= ZoneType::normal && zone->managed().value != 0) {
      free += zone->free_pages();
      reserve += zone->min_wmark();
    }
  }
  if (reserve.value != 0 && free <= reserve / 2 && !kswapd_.hopeless(request.node)) {
    memory_.vmstat().add(VmEvent::pgscan_direct_throttle);
    memory_.meter().charge(WorkKind::wait_writeback);
  }
}

/** Compaction can make the block in @zone now: more reclaim there would only cost. compaction_ready() */
bool Reclaim::compaction_is_ready(const Zone& zone, const DirectReclaim& request) const {
  return request.order > kCostlyOrder &&
         (zone.watermark_ok(request.order, zone.min_wmark(), request.highest, AllocFlags{}) ||
          compaction_suitable(zone, request.order, zone.high_wmark(), request.highest, memory_.tunables()));
}

/** Each node that has a zone which is not ready for compaction, once; true if another zone is. shrink_zones() */
bool Reclaim::shrink_nodes(ScanControl& control, const DirectReclaim& request) {
  std::uint64_t done = 0;  // bit set of nodes
  bool ready = false;
  for (const Zone* zone : memory_.zonelist(request.node, request.highest)) {
    const std::uint64_t node = std::uint64_t{1} << zone->node().value;
    if (compaction_is_ready(*zone, request)) {
      ready = true;
    } else if ((done & node) == 0) {
      done |= node;
      control.node = zone->node();
      nodes_.shrink(control);
    }
  }
  control.node = request.node;
  nodes_.throttle_no_progress(control);
  return ready;
}

NrPages Reclaim::reclaim_once(ScanControl& control, const DirectReclaim& request) {
  memory_.vmstat().add(for_zone(VmEvent::allocstall_dma, static_cast<std::size_t>(request.highest)));
  bool ready = false;
  for (unsigned left = kDefPriority + 1; left != 0 && !ready && control.reclaimed < control.goal; --left) {
    control.priority = left - 1;
    control.scanned = NrPages{};
    ready = shrink_nodes(control, request);
  }
  return ready ? std::max(control.reclaimed, NrPages{1}) : control.reclaimed;
}

NrPages Reclaim::direct_reclaim(const DirectReclaim& request) {
  memory_.meter().charge(WorkKind::direct_reclaim_entry);
  throttle_on_reserves(request);
  ScanControl control;
  control.node = request.node;
  control.cpu = request.cpu;
  control.by = request.by;
  control.order = request.order;
  control.highest = request.highest;
  control.may_swap = request.may_io;
  NrPages reclaimed = reclaim_once(control, request);
  if (reclaimed.value == 0 && control.skipped_deactivate) {
    control.force_deactivate = true;
    reclaimed = reclaim_once(control, request);
  }
  for (unsigned node = 0; node < memory_.nr_nodes(); ++node) {
    balance_.snapshot_refaults(NodeId{node});
  }
  return reclaimed;
}

NrPages Reclaim::drop_list(NodeId node, LruList list, CpuId cpu) {
  NrPages dropped;
  std::uint32_t at = memory_.lru(node).tail(list);
  while (at != kNoFolio) {
    const FolioId id{at};
    const Folio& folio = memory_.folios()[id];
    at = folio.prev;
    if (!folio.has(kDirty) && !folio.has(kWriteback) && !folio.has(kPinned) && !folio.has(kIsolated)) {
      dropped += folio.order.pages();
      memory_.meter().charge(WorkKind::reclaim_page, folio.order.pages().value);
      scan_.evict(id, cpu);
    }
  }
  return dropped;
}

NrPages Reclaim::drop_caches(CpuId cpu) {
  NrPages dropped;
  memory_.vmstat().add(VmEvent::drop_pagecache);
  memory_.vmstat().add(VmEvent::drop_slab);
  dropping_ = true;
  for (unsigned i = 0; i < memory_.nr_nodes(); ++i) {
    const NodeId node{i};
    dropped += drop_list(node, LruList::inactive_file, cpu) + drop_list(node, LruList::active_file, cpu);
    slab_.drop(node);
  }
  dropping_ = false;
  return dropped;
}

NrPages Reclaim::reclaimable_pages(NodeId node) const {
  return nodes_.reclaimable_pages(node, swap_.exists() && swap_.free().value != 0);
}

}  // namespace gbsim
