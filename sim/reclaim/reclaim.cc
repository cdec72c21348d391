// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/reclaim.h"

#include <algorithm>

namespace gbsim {

namespace {

constexpr Ns kMaxThrottle{100'000'000};  // reclaim_throttle() waits at most HZ/10

bool is_active(LruList list) {
  return list == LruList::active_anon || list == LruList::active_file;
}

}  // namespace

Reclaim::Reclaim(Memory& memory)
    : memory_(memory),
      writeback_(memory),
      swap_(memory),
      workingset_(memory),
      slab_(memory),
      scan_(memory, writeback_, swap_, workingset_),
      kswapd_(memory, scan_, slab_, writeback_) {}

void Reclaim::mark_accessed(FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.lru == LruList::none || folio.has(kSwapBacked) || !folio.has(kReferenced) || is_active(folio.lru)) {
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
  if (!folio.has(kDirty)) {
    swap_.release(folio.order.pages());
    folio.set(kDirty);
  }
}

void Reclaim::balance_dirty() {
  const Ns pause = writeback_.pause();
  if (pause > Ns{0}) {
    memory_.meter().charge_time(pause);
    memory_.vmstat().add(VmEvent::nr_throttled_written);
  }
}

void Reclaim::forget(FolioId id) {
  const Folio& folio = memory_.folios()[id];
  if (folio.has(kSwapBacked) && !folio.has(kDirty)) {
    swap_.release(folio.order.pages());
  }
  writeback_.forget(id);
}

void Reclaim::refault(FolioId id, Shadow shadow) {
  if (shadow == 0) {
    return;
  }
  Folio& folio = memory_.folios()[id];
  const NodeId node = memory_.node_of(folio);
  const bool file = !folio.has(kSwapBacked);
  scan_.note_cost(node, file, folio.order.pages());
  if (!workingset_.refault(shadow, folio) || folio.lru == LruList::none) {
    return;
  }
  folio.set(kWorkingset);
  LruVec& lru = memory_.lru(node);
  lru.remove(id);
  lru.add_head(id, file ? LruList::active_file : LruList::active_anon);
}

// A direct reclaimer that met nothing but dirty pages and writeback waits for the devices: reclaim_throttle().
void Reclaim::throttle(const ScanControl& control) {
  if (control.reclaimed.value != 0 || control.dirty + control.writeback < control.scanned / 2) {
    return;
  }
  const Ns next = writeback_.next_completion();
  if (next == Ns::max()) {
    return;
  }
  memory_.meter().charge(WorkKind::wait_writeback);
  memory_.meter().charge_time(std::clamp(next - memory_.clock().now, Ns{0}, kMaxThrottle));
  writeback_.complete(std::min(next, memory_.clock().now + kMaxThrottle));
}

NrPages Reclaim::direct_reclaim(const DirectReclaim& request) {
  memory_.meter().charge(WorkKind::direct_reclaim_entry);
  memory_.vmstat().add(for_zone(VmEvent::allocstall_dma, static_cast<std::size_t>(request.highest)));
  ScanControl control;
  control.node = request.node;
  control.cpu = request.cpu;
  control.order = request.order;
  control.highest = request.highest;
  control.may_swap = request.may_io;
  control.may_write = false;
  for (int priority = kDefPriority; priority >= 0 && control.reclaimed < control.goal; --priority) {
    control.priority = static_cast<unsigned>(priority);
    scan_.shrink(control);
    slab_.shrink(request.node, control.priority);
    if (request.may_io) {
      throttle(control);
    }
    if (control.dirty > control.scanned / 2) {
      writeback_.flush(kSwapClusterMax * 4);
    }
  }
  if (control.reclaimed.value != 0) {
    kswapd_.reset_failures(request.node);
  }
  return control.reclaimed;
}

NrPages Reclaim::drop_list(NodeId node, LruList list, CpuId cpu) {
  NrPages dropped;
  std::uint32_t at = memory_.lru(node).tail(list);
  while (at != kNoFolio) {
    const FolioId id{at};
    const Folio& folio = memory_.folios()[id];
    at = folio.prev;
    if (!folio.has(kDirty) && !folio.has(kWriteback) && !folio.has(kPinned)) {
      dropped += folio.order.pages();
      scan_.evict(id, cpu);
    }
  }
  return dropped;
}

NrPages Reclaim::drop_caches(CpuId cpu) {
  NrPages dropped;
  memory_.vmstat().add(VmEvent::drop_pagecache);
  for (unsigned i = 0; i < memory_.nr_nodes(); ++i) {
    const NodeId node{static_cast<std::uint16_t>(i)};
    dropped += drop_list(node, LruList::inactive_file, cpu) + drop_list(node, LruList::active_file, cpu);
    slab_.drop(node);
  }
  return dropped;
}

NrPages Reclaim::reclaimable_pages(NodeId node) const {
  const LruVec& lru = memory_.lru(node);
  NrPages pages = lru.size(LruList::inactive_file) + lru.size(LruList::active_file);
  if (swap_.exists() && swap_.free().value != 0) {
    pages += lru.size(LruList::inactive_anon) + lru.size(LruList::active_anon);
  }
  return pages;
}

}  // namespace gbsim
