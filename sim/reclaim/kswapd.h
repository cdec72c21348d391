// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/node_reclaim.h"

namespace gbsim {

/** Whether kswapd has more to do at once. */
enum class KswapdState : std::uint8_t { working, asleep };

/** What one kswapd step came to. */
struct KswapdStep {
  KswapdState state = KswapdState::asleep;
  NrPages reclaimed{};        // since it began to work
  Order compact_order{};      // kcompactd should be woken for this order, whatever the state; 0: for none
  Ns next = Ns::max();        // date of the next step: zero for at once, Ns::max() for not before wake()
  bool balanced = false;      // it goes to sleep content: compaction may retry fruitless pageblocks
};

/**
 * kswapd of each node in steps, so that its owner can spread it over simulated time: balance_pgdat() until one
 * eligible zone is above its high watermark with a block of the order asked for, a doze of 100 ms, then sleep.
 */
class Kswapd {
 public:
  Kswapd(Memory& memory, NodeReclaim& reclaim);

  /** Records the request; true if @node's kswapd rested, is needed, and must run now. */
  bool wake(NodeId node, Order order, ZoneType highest);
  /** Waking @node's kswapd would be in vain: it is hopeless, or there is nothing to do. */
  bool needless(NodeId node, Order order, ZoneType highest) const;
  /** Scans about @budget pages on behalf of @cpu. */
  KswapdStep step(NodeId node, NrPages budget, CpuId cpu);
  /** Too many rounds in a row freed nothing: the slow path must help itself. */
  bool hopeless(NodeId node) const { return reclaim_.flags(node).failures >= kMaxFailures; }
  /** Somebody freed memory: there is hope again. */
  void reset_failures(NodeId node) { reclaim_.flags(node).failures = 0; }
  /** An eligible zone is above its high watermark and has a block of @order: pgdat_balanced(). */
  bool balanced(NodeId node, Order order, ZoneType highest) const;

 private:
  static constexpr unsigned kMaxFailures = 16;  // MAX_RECLAIM_RETRIES

  enum class Phase : std::uint8_t { asleep, dozing, working };

  struct Request {
    Order order{};
    std::optional<ZoneType> highest{};
  };

  struct State {
    Phase phase = Phase::asleep;
    Ns doze_until{0};
    Request pending{};
    Order asked{};         // order this round began with; control.order falls to 0 once compaction can do the rest
    ScanControl control{};
    std::optional<NodePass> pass{};
    NrPages reclaimed_before{};  // by the control, when the pass began
    std::vector<NrPages> boosts{};  // by zone of the node, when the round began
    NrPages boost_left{};           // still to be reclaimed for them
    bool boosted = false;
    bool announced = false;  // the round under way, to whoever traces
  };

  void begin_round(State& state, NodeId node);
  void restart(State& state) const;
  void announce(State& state, NodeId node) const;
  std::optional<KswapdStep> prepare_pass(State& state, NodeId node, CpuId cpu);
  std::optional<KswapdStep> settle_pass(State& state, NodeId node);
  KswapdStep exhausted(State& state, NodeId node);
  KswapdStep end_round(State& state, NodeId node);
  KswapdStep try_to_sleep(State& state, NodeId node);
  KswapdStep wake_from_doze(State& state, NodeId node);
  NrPages goal(const State& state, NodeId node) const;

  Memory& memory_;
  NodeReclaim& reclaim_;
  std::vector<State> states_;
};

}  // namespace gbsim
