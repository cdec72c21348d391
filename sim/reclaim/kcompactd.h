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

  /** Asks for blocks of @order; true if @node's daemon slept, could be of use, and must run now. */
  bool wake(NodeId node, Order order);
  /** Every 500 ms: starts proactive work if the node's score asks for it; true if there is something to do now. */
  bool wake_proactively(NodeId node);
  /** Looks at about @budget pages on behalf of @cpu; true if there is more to do. */
  bool step(NodeId node, NrPages budget, CpuId cpu);

 private:
  enum class Job : std::uint8_t { none, order, proactive };

  struct State {
    Job job = Job::none;
    Order wanted{};  // largest order asked for and not yet worked on
    Order order{};   // of the job
    std::size_t next_zone = 0;
    std::unique_ptr<CompactRun> run{};
    unsigned score_before = 0;
    unsigned pauses = 0;  // proactive rounds still to be passed over after one that gained nothing
  };

  bool node_suitable(NodeId node, Order order) const;
  bool is_kswapd_running(NodeId node) const;
  void begin(State& state, Job job);
  bool start_next_zone(State& state, NodeId node, CpuId cpu);
  CompactRequest request_for(const State& state, Zone& zone, CpuId cpu) const;
  bool wants(const State& state, const CompactRequest& request);
  void settle_zone(State& state);
  bool finish(State& state, NodeId node);

  Memory& memory_;
  Compaction& compaction_;
  std::vector<State> states_;  // by node
};

}  // namespace gbsim
