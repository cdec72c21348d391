// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/allocator/pressure.h"
#include "sim/mm/memory.h"

namespace gbsim {

/**
 * Reclaim and compaction of the recording have happened already: what they freed is in its events. Of kswapd only its
 * hours are ours: while it works, per-CPU lists stay short. It wakes where the kernel's would, and sleeps once one of
 * the zones it was woken for is above its high watermark.
 */
class RecordedRelief : public PressureRelief {
 public:
  explicit RecordedRelief(Memory& memory) : memory_(memory), nodes_(memory.nr_nodes()) {}

  void wake_kswapd(Zone& zone, const PageRequest& request) override;
  /** Time has passed: whoever has nothing left to do sleeps, and boosts end. */
  void settle();
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
  };

  bool balanced(NodeId node, Order order, ZoneType highest) const;
  void set_active(NodeId node, ZoneType highest, bool active);

  Memory& memory_;
  std::vector<Node> nodes_;
  unsigned awake_ = 0;
};

}  // namespace gbsim
