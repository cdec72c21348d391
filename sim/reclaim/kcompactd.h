// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sim/reclaim/compaction.h"

namespace gbsim {

/** Fragmentation scores between which proactive compaction works: fragmentation_score_wmark(). */
struct ProactiveMarks {
  unsigned low = 100;   // stop at or below
  unsigned high = 100;  // start above
};

ProactiveMarks proactive_marks(unsigned proactiveness);

/** Background compaction of each node, in steps: on request for an order, and proactively by score. */
class Kcompactd {
 public:
  Kcompactd(Memory& memory, Compaction& compaction);

  /** Asks for blocks of @order; true if @node's daemon slept and must run now. */
  bool wake(NodeId node, Order order);
  /** Every 500 ms: starts proactive work if the node's score asks for it; true if there is something to do now. */
  bool wake_proactively(NodeId node);
  /** Looks at up to @budget pages on behalf of @cpu; true if there is more to do. */
  bool step(NodeId node, NrPages budget, CpuId cpu);

 private:
  struct State {
    Order order{};
    bool proactive = false;
    bool busy = false;
    std::size_t next_zone = 0;
    std::unique_ptr<CompactRun> run;
    unsigned score_before = 0;
    unsigned pauses = 0;  // proactive rounds still to be passed over after one that gained nothing
  };

  bool start_next_zone(State& state, NodeId node, CpuId cpu);
  CompactRequest request_for(const State& state, Zone& zone, CpuId cpu) const;
  bool wants(const State& state, const Zone& zone);
  void finish(State& state, NodeId node);

  Memory& memory_;
  Compaction& compaction_;
  std::vector<State> states_;
};

}  // namespace gbsim
