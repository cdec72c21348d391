// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/memory.h"
#include "sim/reclaim/kswapd.h"
#include "sim/reclaim/lru_scan.h"
#include "sim/reclaim/scan_control.h"
#include "sim/reclaim/shrink_slab.h"
#include "sim/reclaim/swap.h"
#include "sim/reclaim/workingset.h"
#include "sim/reclaim/writeback.h"

namespace gbsim {

/** One direct reclaim, as its caller's GFP flags allow it. */
struct DirectReclaim {
  NodeId node{};
  CpuId cpu{};
  Order order{};
  ZoneType highest = ZoneType::normal;
  bool may_io = true;  // __GFP_IO: may swap and wait for devices
};

/**
 * Reclaim as owners of folios and the allocator see it. A folio is on its LRU list from alloc_folio() on.
 * Owners must forget() a folio before they free it, so that dirty pages and swap slots stay counted.
 */
class Reclaim {
 public:
  explicit Reclaim(Memory& memory);
  Reclaim(const Reclaim&) = delete;
  Reclaim& operator=(const Reclaim&) = delete;

  void register_shrinker(Shrinker& shrinker) { slab_.add(shrinker); }
  void unregister_shrinker(Shrinker& shrinker) { slab_.remove(shrinker); }

  /** A touch: first makes the folio referenced, a second one activates file folios: folio_mark_accessed(). */
  void mark_accessed(FolioId id);
  /** Written to. For anon memory: its copy in swap, if there is one, is worthless and gives its slots back. */
  void mark_dirty(FolioId id);
  /** Pause that a writer must take now; charged to the meter as waiting. */
  void balance_dirty();
  /** Before the owner frees @id. */
  void forget(FolioId id);
  /** What the owner keeps for an evicted folio. */
  Shadow shadow_of(const Folio& folio) { return workingset_.evict(folio); }
  /** @id was just read back in; activates it if it should not have gone. */
  void refault(FolioId id, Shadow shadow);

  /** Pages freed for an allocation that waits: try_to_free_pages(). */
  NrPages direct_reclaim(const DirectReclaim& request);
  /** Clean page cache and every shrinkable object: echo 3 > drop_caches. */
  NrPages drop_caches(CpuId cpu);
  /** File and, with swap, anon pages that reclaim could still free on @node: zone_reclaimable_pages(). */
  NrPages reclaimable_pages(NodeId node) const;

  Kswapd& kswapd() { return kswapd_; }
  Writeback& writeback() { return writeback_; }
  const Writeback& writeback() const { return writeback_; }
  Swap& swap() { return swap_; }
  const Swap& swap() const { return swap_; }
  ShrinkSlab& slab() { return slab_; }

 private:
  void throttle(const ScanControl& control);
  NrPages drop_list(NodeId node, LruList list, CpuId cpu);

  Memory& memory_;
  Writeback writeback_;
  Swap swap_;
  Workingset workingset_;
  ShrinkSlab slab_;
  LruScan scan_;
  Kswapd kswapd_;
};

}  // namespace gbsim
