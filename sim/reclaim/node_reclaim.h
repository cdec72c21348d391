// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/lru_scan.h"
#include "sim/reclaim/shrink_slab.h"

namespace gbsim {

/** One call of shrink_node(), which may be spread over several steps. */
struct NodePass {
  LruPass lists;
  NrPages reclaimed_before{};  // by the control, when the pass over the lists began
  NrPages reclaimed_at_start{};
};

/** Reclaim from one node: its LRU lists, then its share of the shrinkers: shrink_node() of mm/vmscan.c. */
class NodeReclaim {
 public:
  NodeReclaim(Memory& memory, LruScan& scan, ScanBalance& balance, ShrinkSlab& slab, Writeback& writeback);

  NodePass begin(ScanControl& control) const;
  /** Scans about @budget pages more; false when the pass is over. */
  bool advance(ScanControl& control, NodePass& pass, NrPages budget);
  /** A whole pass. */
  void shrink(ScanControl& control);
  /** Nothing was freed at nearly the last priority: a direct reclaimer pauses, if writeback can help it. */
  void throttle_no_progress(ScanControl& control);
  /** How long kswapd should pause for the devices after a pass; zero if it need not. */
  Ns writeback_pause(const ScanControl& control) const;

  NodeFlags& flags(NodeId node) { return flags_[node.value]; }
  const NodeFlags& flags(NodeId node) const { return flags_[node.value]; }
  LruScan& scan() { return scan_; }
  ScanBalance& balance() { return balance_; }
  /** File and, with room in swap, anon pages on the LRU lists: zone_reclaimable_pages() of its zones. */
  NrPages reclaimable_pages(NodeId node, bool can_swap) const;

 private:
  NrPages shrink_slab(const ScanControl& control);
  void note_conditions(ScanControl& control, const NodePass& pass);
  bool should_continue(const ScanControl& control, const NodePass& pass) const;
  bool waiting_helps(NodeId node) const;
  void pause(ScanControl& control);

  Memory& memory_;
  LruScan& scan_;
  ScanBalance& balance_;
  ShrinkSlab& slab_;
  Writeback& writeback_;
  std::vector<NodeFlags> flags_;
};

}  // namespace gbsim
