// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once


#include "sim/base/maybe.h"
#include "sim/mm/memory.h"
#include "sim/reclaim/folio_fate.h"
#include "sim/reclaim/scan_balance.h"
#include "sim/reclaim/swap.h"
#include "sim/reclaim/workingset.h"
#include "sim/reclaim/writeback.h"

namespace gbsim {

/** One pass over a node's lists, which may be spread over several steps. */
struct LruPass {
  ScanPlan plan;
  ScanTargets left{};
  NrPages reclaimed{};
  bool proportional = false;  // once the goal is met, anon and file finish what their shares ask for
};

/** Conditions of a node that outlive one reclaim: flags of pg_data_t. */
struct NodeFlags {
  unsigned failures = 0;   // rounds of kswapd in a row that freed nothing
  bool writeback = false;  // a whole pass met nothing but writeback
  bool congested = false;  // all dirty folios of a pass came round too early
};

/** Scans the LRU lists of one node: shrink_lruvec() of mm/vmscan.c, classic LRU. */
class LruScan {
 public:
  LruScan(Memory& memory, Writeback& writeback, Swap& swap, ScanBalance& balance);

  LruPass begin(const ScanControl& control) const;
  /** Scans about @budget pages more; false when the pass is over. */
  bool advance(ScanControl& control, LruPass& pass, const NodeFlags& flags, NrPages budget);
  /** Moves active anon folios on if their inactive list is low: kswapd_age_node(). */
  void age_anon(ScanControl& control);
  /** Evicts @id now, whatever its list. Requires: clean, not pinned, not under writeback. */
  void evict(FolioId id, CpuId cpu);
  /** As Memory::split_folio(); parts that are dirty are written like any other. */
  std::vector<FolioId> split(FolioId id);

 private:
  /** One batch of one list. */
  struct Batch {
    ScanControl& control;
    const NodeFlags& flags;
    LruList list;
    LruVec& lru;
    NrPages wanted{};
    NrPages seen{};     // eligible pages only
    NrPages visited{};  // the rest as well
    NrPages paged_out{};
    NrPages reclaimed{};
    NrPages unqueued_dirty{};
    std::uint64_t skipped = 0;  // folios
    std::uint64_t limit = 0;    // folios on the list when the batch began
  };

  Batch batch_of(ScanControl& control, const NodeFlags& flags, LruList list, NrPages wanted);
  Maybe<FolioId> next(Batch& batch);
  void prefetch_from(std::uint32_t id) const;
  void shrink_list(ScanControl& control, LruPass& pass, const NodeFlags& flags, LruList list);
  void shrink_active(ScanControl& control, const NodeFlags& flags, LruList list, NrPages pages);
  void shrink_inactive(ScanControl& control, const NodeFlags& flags, LruList list, NrPages pages);
  void settle(Batch& batch, FolioId id);
  std::uint16_t facts_of(const Batch& batch, const Folio& folio) const;
  void tally(Batch& batch, const Folio& folio) const;
  void move_to_active(Batch& batch, FolioId id);
  void activate(Batch& batch, FolioId id);
  void await_writeback(Batch& batch, FolioId id);
  void swap_out(Batch& batch, FolioId id);
  void split_in_place(Batch& batch, FolioId id);
  void reclaim(Batch& batch, FolioId id);
  void end_batch(const Batch& batch);

  Memory& memory_;
  Writeback& writeback_;
  Swap& swap_;
  ScanBalance& balance_;
};

}  // namespace gbsim
