// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/memory.h"
#include "sim/reclaim/kswapd.h"
#include "sim/reclaim/lru_scan.h"
#include "sim/reclaim/node_reclaim.h"
#include "sim/reclaim/scan_balance.h"
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
  ReclaimBy by = ReclaimBy::direct;
};

/**
 * Reclaim as owners of folios and the allocator see it. A folio is on its LRU list from alloc_folio() on.
 * Owners must forget() a folio before they free it, so that dirty pages and swap slots stay counted.
 *
 * Anon folios are kSwapBacked, and kDirty while swap holds no valid copy: fresh ones are dirty. Evicted anon memory
 * keeps its slots until its owner reads it back and writes to it (swap().read(), a folio without kDirty, then
 * mark_dirty()), or gives them up (swap().release()).
 */
class Reclaim {
 public:
  explicit Reclaim(Memory& memory);
  Reclaim(const Reclaim&) = delete;
  Reclaim& operator=(const Reclaim&) = delete;

  void register_shrinker(Shrinker& shrinker) { slab_.add(shrinker); }
  void unregister_shrinker(Shrinker& shrinker) { slab_.remove(shrinker); }

  /** A touch. Files: the first makes the folio referenced, the second activates it: folio_mark_accessed(). */
  void mark_accessed(FolioId id);
  /** Written to. For anon memory: its copy in swap, if there is one, is worthless and gives its slots back. */
  void mark_dirty(FolioId id);
  /** Pause that a writer must take now; charged to the meter as waiting. */
  void balance_dirty();
  /** Before the owner frees @id. */
  void forget(FolioId id);
  /** What the owner keeps for an evicted folio. */
  Shadow shadow_of(const Folio& folio) { return dropping_ ? kNoTrace : workingset_.evict(folio); }
  /** @id was just read back in; activates it if it should not have gone. */
  void refault(FolioId id, Shadow shadow);
  /** As Memory::split_folio(), for folios that may be dirty. */
  std::vector<FolioId> split_folio(FolioId id) { return scan_.split(id); }

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
  void throttle_on_reserves(const DirectReclaim& request);
  bool compaction_is_ready(const Zone& zone, const DirectReclaim& request) const;
  bool shrink_nodes(ScanControl& control, const DirectReclaim& request);
  NrPages reclaim_once(ScanControl& control, const DirectReclaim& request);
  NrPages drop_list(NodeId node, LruList list, CpuId cpu);

  Memory& memory_;
  Writeback writeback_;
  Swap swap_;
  Workingset workingset_;
  ShrinkSlab slab_;
  ScanBalance balance_;
  LruScan scan_;
  NodeReclaim nodes_;
  Kswapd kswapd_;
  bool dropping_ = false;  // what drop_caches evicts leaves no trace
};

}  // namespace gbsim
