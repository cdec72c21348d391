// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lru_pages.h"

#include "sim/recording/kernel_gfp.h"

namespace gbsim {

namespace {

/** GFP_PGTABLE_USER of include/asm-generic/pgalloc.h: freed by unmapping. */
bool is_page_table(Order order, Gfp gfp) { return order == Order{0} && gfp == gfp::kKernelAccount.with(Gfp::zero); }

bool may_wait(const Slot& slot) {
  return slot.kind() == Slot::Kind::raw && slot.order() == Order{0} && !slot.migratable();
}

void set_migratable(Zone& zone, Pfn head) {
  const Slot slot = zone.slot(head);
  zone.relabel_raw(head, slot.order(), slot.type(), true);
  zone.count_migratable(head, slot.order(), 1);
}

}  // namespace

LruPages::LruPages(Memory& memory) : memory_(memory), capacity_(memory.zone(0).rules().lru_batch) {}

void LruPages::note_alloc(Zone& zone, const TraceEvent& alloc) {
  empty_batch_of(alloc.pfn);
  const Gfp gfp = gfp_of_kernel(alloc.gfp);
  const bool is_single = alloc.order == Order{0};
  tables_.fill(alloc.pfn, alloc.order.pages(), is_page_table(alloc.order, gfp) ? 1 : 0);
  if (alloc.type != Migratetype::movable && !(is_single && is_metadata_cache(gfp))) {
    return;
  }
  // What a driver may move (zsmalloc) is no user's memory, and on no LRU list.
  const bool joins_batch = gfp.has(Gfp::hardwall) || alloc.type != Migratetype::movable;
  if (!is_single || !joins_batch) {
    set_migratable(zone, alloc.pfn);
    return joins_batch ? empty(batches_[alloc.cpu]) : void();
  }
  Batch& waiting = batches_[alloc.cpu];
  waiting.push_back(alloc.pfn);
  waits_.fill(alloc.pfn, NrPages{1}, 1);
  if (waiting.size() >= capacity_) {
    empty(waiting);
  }
}

void LruPages::note_free(const Zone& zone, const TraceEvent& free) {
  const Slot slot = zone.slot(free.pfn);
  if ((slot.kind() == Slot::Kind::raw && slot.migratable()) || tables_[free.pfn] != 0) {
    // Unmapping, truncation and reclaim call lru_add_drain() before they free.
    empty(batches_[free.cpu]);
  } else if (may_wait(slot)) {
    empty_batch_of(free.pfn);
  }
}

void LruPages::empty(Batch& batch) {
  for (const Pfn page : batch) {
    waits_.fill(page, NrPages{1}, 0);
    Zone& zone = memory_.zone_of(page);
    if (may_wait(zone.slot(page))) {
      set_migratable(zone, page);
    }
  }
  batch.clear();
}

void LruPages::empty_batch_with(Pfn page) {
  for (Batch& batch : batches_) {
    if (std::erase(batch, page) != 0) {
      waits_.fill(page, NrPages{1}, 0);
      empty(batch);
    }
  }
}

}  // namespace gbsim
