// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
// SKETCH: the public face of page allocation. The allocator owner completes it and keeps these names.

#include <optional>
#include <vector>

#include "sim/allocator/page_request.h"
#include "sim/allocator/pressure.h"
#include "sim/base/work.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** What a new folio is for: who owns it and which LRU list it joins. */
struct FolioUse {
  OwnerId owner;
  std::uint32_t cookie = 0;
  LruList lru = LruList::none;
  std::uint8_t flags = 0;  // FolioFlag bits
};

class PageAllocator {
 public:
  /** @memory and @relief must outlive the allocator. */
  PageAllocator(Memory& memory, PressureRelief& relief);

  /** Fast path, then slow path. nullopt is a failed allocation, which is counted. */
  std::optional<Pfn> alloc_pages(const PageRequest& request);
  void free_pages(Pfn pfn, Order order, CpuId cpu);

  /** alloc_pages plus a folio record, its LRU list and page counts. */
  std::optional<FolioId> alloc_folio(const PageRequest& request, const FolioUse& use);
  /** Off its LRU list, record gone, pages freed. */
  void free_folio(FolioId folio, CpuId cpu);
  /** Split into order-0 folios of the same owner (cookies are the owner's business, see FolioOwner::on_split). */
  void split_folio(FolioId folio);
  void set_pinned(FolioId folio, bool pinned);

  /** Whose time allocations cost from now on. */
  void set_meter(WorkMeter& meter);
  WorkMeter& meter();
};

}  // namespace gbsim
