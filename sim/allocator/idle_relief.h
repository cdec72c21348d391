// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/allocator/pressure.h"

namespace gbsim {

/** Nobody reclaims or compacts: benchmarks, single operations and recordings have nothing of that kind to ask for. */
class IdleRelief : public PressureRelief {
 public:
  void wake_kswapd(Zone&, const PageRequest&) override {}
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest&) override { return NrPages{}; }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority) override { return CompactOutcome::skipped; }
  bool oom_kill(const PageRequest&) override { return false; }
  NrPages reclaimable_pages(NodeId) const override { return NrPages{}; }
};

}  // namespace gbsim
