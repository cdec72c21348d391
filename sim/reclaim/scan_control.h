// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/base/types.h"
#include "sim/mm/zone_spec.h"

namespace gbsim {

/** Who reclaims: decides counters and throttling. */
enum class ReclaimBy : std::uint8_t { kswapd, direct, khugepaged };

inline constexpr unsigned kDefPriority = 12;
inline constexpr NrPages kSwapClusterMax{32};

/** Base pages that one pass over a node took off its inactive lists, and what stood in their way. */
struct ScanTally {
  NrPages taken{};
  NrPages file_taken{};
  NrPages dirty{};           // dirty or under writeback
  NrPages unqueued_dirty{};  // dirty, and no device knows yet
  NrPages writeback{};
  NrPages congested{};  // still under writeback when they came round marked for reclaim
  NrPages immediate{};  // the same, met by kswapd on a node full of writeback: it must wait
};

/** Reclaim on behalf of one request, pass after pass: wishes first, then what came of it. */
struct ScanControl {
  NodeId node{};
  CpuId cpu{};
  ReclaimBy by = ReclaimBy::direct;
  Order order{};
  ZoneType highest = ZoneType::normal;  // folios in higher zones do not help the request and are passed over
  unsigned priority = kDefPriority;     // each list gives size >> priority
  NrPages goal = kSwapClusterMax;       // a pass ends after this many
  bool may_swap = true;
  bool may_write = true;
  bool force_deactivate = false;  // shrink active lists whatever their size
  bool no_cache_trim = false;     // do not spare anon while there is plenty of inactive file memory

  NrPages scanned{};
  NrPages reclaimed{};
  bool skipped_deactivate = false;  // an active list was left alone
  bool cache_trim_failed = false;   // a pass over file memory only freed nothing
  ScanTally tally{};                // of the latest pass
  Ns waited{0};                     // for devices, beyond the clock
};

}  // namespace gbsim
