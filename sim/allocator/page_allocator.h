// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "sim/allocator/alloc_stats.h"
#include "sim/allocator/page_request.h"
#include "sim/allocator/pressure.h"
#include "sim/base/maybe.h"
#include "sim/base/work.h"
#include "sim/mm/alloc_flags.h"
#include "sim/mm/memory.h"
#include "sim/placement/policy.h"

namespace gbsim {

/** What a new folio is for: who owns it and which LRU list it joins. */
struct FolioUse {
  OwnerId owner;
  std::uint32_t cookie = 0;
  LruList lru = LruList::none;
  std::uint8_t flags = 0;  // FolioFlag bits
};

/** Highest zone type @gfp may use: gfp_zone(). */
ZoneType highest_zone(Gfp gfp);
/** Flags of the first attempts in the slow path: gfp_to_alloc_flags(). */
AllocFlags slow_path_flags(const Memory& memory, const PageRequest& request);
/** Low watermark, NOFRAGMENT where it applies: what the fast path starts with. */
AllocFlags fast_path_flags(const Memory& memory, const PageRequest& request);
/** Adds leave to use CMA blocks if the request is movable. */
AllocFlags with_cma(const PageRequest& request, AllocFlags flags);

/** Page allocation as callers see it. Costs are charged to Memory::meter(). */
class PageAllocator {
 public:
  /** @memory and @relief must outlive the allocator. The placement is the one that the memory's tunables name. */
  PageAllocator(Memory& memory, PressureRelief& relief);
  /** The same with a placement of the caller's, which the zones' lists must suit. */
  PageAllocator(Memory& memory, PressureRelief& relief, std::unique_ptr<PlacementPolicy> placement);

  /** Fast path, then slow_path(). nullopt is a failed allocation, which is counted. The block is raw. */
  Maybe<Pfn> alloc_pages(const PageRequest& request);
  /** Requires: a raw block of exactly @order. */
  void free_pages(Pfn pfn, Order order, CpuId cpu) { memory_.free_pages(pfn, order, cpu); }

  /** alloc_pages plus a folio record, its LRU list (most recent end) and page counts. */
  Maybe<FolioId> alloc_folio(const PageRequest& request, const FolioUse& use);
  /** Off its LRU list, record gone, pages freed. */
  void free_folio(FolioId folio, CpuId cpu) { memory_.free_folio(folio, cpu); }
  /** Split into order-0 folios of the same owner (cookies are the owner's business, see FolioOwner::on_split). */
  void split_folio(FolioId folio) { memory_.split_folio(folio); }
  void set_pinned(FolioId folio, bool pinned) { memory_.set_pinned(folio, pinned); }

  /**
   * One try over the zonelist: get_page_from_freelist(). With NOFRAGMENT, a pass that yields nothing is followed by
   * one without. Failing passes change per-CPU state as in the kernel. Nothing is woken, reclaimed or compacted.
   */
  Maybe<Pfn> get_page(const PageRequest& request, AllocFlags flags);
  /** Asks kswapd of every zone of the request: wake_all_kswapds(). */
  void wake_kswapds(const PageRequest& request);
  /** 6.12 and 6.1: gives back one highatomic pageblock with free pages; true if one could serve @request now. */
  bool unreserve_highatomic(const PageRequest& request, bool force);

  AllocStats& stats() { return stats_; }
  const AllocStats& stats() const { return stats_; }
  Memory& memory() { return memory_; }
  PressureRelief& relief() { return relief_; }
  const Memory& memory() const { return memory_; }
  const PressureRelief& relief() const { return relief_; }

  /** Whose time allocations cost from now on. */
  void set_meter(WorkMeter& meter) { memory_.set_meter(meter); }
  WorkMeter& meter() { return memory_.meter(); }
  PlacementPolicy& placement() { return *placement_; }
  const PlacementPolicy& placement() const { return *placement_; }

 private:
  Maybe<Pfn> try_pass(const PageRequest& request, AllocFlags flags);
  Maybe<Pfn> take_from(Zone& zone, const PageRequest& request, AllocFlags flags);

  Memory& memory_;
  PressureRelief& relief_;
  std::unique_ptr<PlacementPolicy> placement_;
  AllocStats stats_;
};

}  // namespace gbsim
