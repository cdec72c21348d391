// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/base/types.h"
#include "sim/mm/zone_spec.h"

namespace gbsim {

/** Who reclaims: decides counters and what may be written. */
enum class ReclaimBy : std::uint8_t { kswapd, direct };

/** One round of reclaim on one node: wishes first, then what came of it. */
struct ScanControl {
  NodeId node{};
  CpuId cpu{};
  ReclaimBy by = ReclaimBy::direct;
  Order order{};
  ZoneType highest = ZoneType::normal;  // folios in higher zones do not help the request and are passed over
  unsigned priority = 12;               // scan size >> priority of each list: DEF_PRIORITY
  NrPages goal{32};                     // stop after this many: SWAP_CLUSTER_MAX
  bool may_swap = true;
  bool may_write = true;

  NrPages scanned{};
  NrPages reclaimed{};
  NrPages dirty{};      // file pages skipped because they are dirty
  NrPages writeback{};  // pages skipped because a device holds them
};

inline constexpr unsigned kDefPriority = 12;
inline constexpr NrPages kSwapClusterMax{32};

}  // namespace gbsim
