// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/lru_scan.h"
#include "sim/reclaim/shrink_slab.h"

namespace gbsim {

/** What one kswapd step came to. */
enum class KswapdState : std::uint8_t { working, asleep };

/** What kswapd hands to kcompactd when it goes to sleep. */
struct KswapdStep {
  KswapdState state = KswapdState::asleep;
  NrPages reclaimed{};
  Order compact_order{};  // wake kcompactd for this order, 0 for not at all
};

/**
 * balance_pgdat() of each node in steps, so that its owner can spread it over simulated time. Asked for an order and
 * a highest zone, it reclaims until one eligible zone is above its high watermark with a block of that order.
 */
class Kswapd {
 public:
  Kswapd(Memory& memory, LruScan& scan, ShrinkSlab& slab, Writeback& writeback);

  /** Records the request; true if @node's kswapd slept and must run now. */
  bool wake(NodeId node, Order order, ZoneType highest);
  /** One round of at most @budget pages on behalf of @cpu. */
  KswapdStep step(NodeId node, NrPages budget, CpuId cpu);
  /** Too many rounds in a row freed nothing: the slow path must help itself. */
  bool hopeless(NodeId node) const { return states_[node.value].failures >= kMaxFailures; }
  /** Somebody freed memory: there is hope again. */
  void reset_failures(NodeId node) { states_[node.value].failures = 0; }

 private:
  static constexpr unsigned kMaxFailures = 16;  // MAX_RECLAIM_RETRIES

  struct State {
    bool awake = false;
    Order order{};
    ZoneType highest = ZoneType::dma;
    Order goal_order{};  // falls to zero once enough was reclaimed for compaction to do the rest
    unsigned priority = kDefPriority;
    std::uint64_t boost = 0;  // pages of watermark boost still to be reclaimed
    bool boosted = false;
    NrPages reclaimed{};
    unsigned failures = 0;
  };

  void begin(State& state, NodeId node);
  bool balanced(const State& state, NodeId node) const;
  KswapdStep finish(State& state, NodeId node);
  ScanControl control_for(const State& state, NodeId node, CpuId cpu) const;
  void reclaim_round(State& state, NodeId node, NrPages budget, CpuId cpu);

  Memory& memory_;
  LruScan& scan_;
  ShrinkSlab& slab_;
  Writeback& writeback_;
  std::vector<State> states_;
};

}  // namespace gbsim
