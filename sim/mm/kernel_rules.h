// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "sim/base/tunables.h"

namespace gbsim {

/** Where two kernels' page allocators differ, by name. One row a kernel; the rest of the rules is common. */
struct KernelRules {
  KernelVersion version;
  bool merge_retypes;             // merging at pageblock size gives the absorbed block the freed one's type
  bool frees_by_pageblock;        // blocks larger than a pageblock are freed one pageblock at a time
  bool accounts_each_take;        // NR_FREE_PAGES changes with every list operation, not once a refill
  bool pcp_remembers_type;        // a page returns from its per-CPU list by the type it had when it left
  bool pcp_tunes_high;            // per-CPU high follows demand between two bounds
  bool claim_then_steal;          // fallback in two passes, claims from the top, steals from the bottom
  bool highatomic_counts_free;    // watermark checks subtract free pages of the reserve, not its size
  bool highatomic_by_order;       // a large atomic block reserves all its pages; small zones reserve nothing
  bool isolation_moves_freelists; // isolating nearly a pageblock moves its other free pages too
  bool movable_zone_min_fixed;    // ZONE_MOVABLE has a min watermark of its own
  bool tracks_below_high;         // a pass notes when the high watermark fails, for the per-CPU lists
  bool any_request_wakes_boosted; // kswapd is woken for a boost even by requests that do not wake it otherwise
};

inline constexpr std::array kKernelRules{
    KernelRules{KernelVersion::v6_1, false, false, false, true, false, false, false, false, false, false,
                false, true},
    KernelRules{KernelVersion::v6_12, true, true, true, false, true, true, true, true, true, true,
                true, false},
};

constexpr const KernelRules& kernel_rules(KernelVersion version) {
  return kKernelRules[version == KernelVersion::v6_1 ? 0 : 1];
}

}  // namespace gbsim
