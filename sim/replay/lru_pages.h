// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/recording/by_cpu.h"
#include "sim/recording/page_bytes.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Tells which allocated pages are on an LRU list, or movable by their driver: those a fallback counts when it asks how
 * much of a pageblock is alike. A page reaches its list through a batch of the CPU that got it, as folio_add_lru() of
 * mm/swap.c has it; until then the fallback does not see it. The label of a page on its list is migratable.
 */
class LruPages {
 public:
  explicit LruPages(Memory& memory);

  /** @zone has the block labelled as allocated, and not as migratable. */
  void note_alloc(Zone& zone, const TraceEvent& alloc);
  /** The block still has its label. */
  void note_free(const Zone& zone, const TraceEvent& free);

 private:
  using Batch = std::vector<Pfn>;  // allocated pages of order 0

  void empty(Batch& batch);
  /** All but @page itself: as the batch holds a reference, it was emptied before @page could be freed. */
  void empty_batch_of(Pfn page) {
    if (waits_[page] != 0) {
      empty_batch_with(page);
    }
  }
  void empty_batch_with(Pfn page);

  Memory& memory_;
  std::size_t capacity_;
  ByCpu<Batch> batches_;
  PageBytes tables_;  // 1: a page table of user space
  PageBytes waits_;   // 1: in some batch
};

}  // namespace gbsim
