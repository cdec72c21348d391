// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/allocator/pressure.h"
#include "sim/mm/memory.h"

namespace gbsim {

/**
 * Reclaim and compaction of the recording have happened already: what they freed is in its events. Of kswapd only its
 * hours are ours: while it works, per-CPU lists stay short. It wakes where the kernel's would, and sleeps once one of
 * the zones it was woken for is above its high watermark and as many pages were freed as its boosts asked for.
 */
class RecordedRelief : public PressureRelief {
 public:
  explicit RecordedRelief(Memory& memory) : memory_(memory), nodes_(memory.nr_nodes()) {}

  void wake_kswapd(Zone& zone, const PageRequest& request) override;
  /** Time has passed: whoever has nothing left to do sleeps, and boosts end. */
  void settle();
  /** The kernel passed over @zone, which had enough for us: a boost would tell why, if it is short enough for one. */
  void learn_short(Zone& zone);
  /** The kernel took from @zone, which seemed too short: what boosted its watermarks is over. */
  void learn_enough(Zone& zone);
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest&) override { return NrPages{}; }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority) override { return CompactOutcome::skipped; }
  bool oom_kill(const PageRequest&) override { return false; }
  NrPages reclaimable_pages(NodeId) const override { return NrPages{}; }

 private:
  /** kswapd of one node. */
  struct Node {
    bool awake = false;
    ZoneType highest = ZoneType::dma;
    std::uint64_t done_at = 0;  // frees of the machine by which boosts have been made good
  };

  bool balanced(NodeId node, Order order, ZoneType highest) const;
  NrPages boosts(NodeId node, ZoneType highest) const;
  void begin(NodeId node, ZoneType highest);
  void set_active(NodeId node, ZoneType highest, bool active);

  Memory& memory_;
  std::vector<Node> nodes_;
  unsigned awake_ = 0;
};

}  // namespace gbsim
