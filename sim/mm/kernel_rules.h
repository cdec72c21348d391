// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "sim/base/tunables.h"

namespace gbsim {

/** Where two kernels' page allocators differ, by name. One row a kernel; the rest of the rules is common. */
struct KernelRules {
  KernelVersion version;
  std::string_view name;          // as `--kernel` and the tunable kernel.rules have it
  bool merge_retypes;             // merging at pageblock size gives the absorbed block the freed one's type
  bool frees_by_pageblock;        // blocks larger than a pageblock are freed one pageblock at a time
  bool accounts_each_take;        // NR_FREE_PAGES changes with every list operation, not once a refill
  bool pcp_remembers_type;        // a page returns from its per-CPU list by the type it had when it left
  bool pcp_tunes_high;            // per-CPU high follows demand between two bounds
  bool claim_then_steal;          // fallback in two passes, claims from the top, steals from the bottom
  bool fallback_takes_page;       // a fallback hands out the page that its event names; else a retry takes one
  bool highatomic_counts_free;    // watermark checks subtract free pages of the reserve, not its size
  bool highatomic_by_order;       // a large atomic block reserves all its pages; small zones reserve nothing
  bool isolation_moves_freelists; // isolating nearly a pageblock moves its other free pages too
  bool movable_zone_min_fixed;    // ZONE_MOVABLE has a min watermark of its own
  bool tracks_below_high;         // a pass notes when the high watermark fails, for the per-CPU lists
  bool any_request_wakes_boosted; // kswapd is woken for a boost even by requests that do not wake it otherwise
  bool high_ignores_boost;        // at the min watermark __GFP_HIGH suffices to pass over a boost, blocking or not
  bool announces_kept_targets;    // a target that compaction did not need is announced as freed, and kept
  bool lru_gen;                   // Debian's kernel reclaims by generations (CONFIG_LRU_GEN_ENABLED)
  unsigned lru_batch;             // pages a CPU gathers before they join their LRU lists: PAGEVEC_SIZE
};

inline constexpr std::array kKernelRules{
    KernelRules{.version = KernelVersion::v6_1,
                .name = "6.1",
                .merge_retypes = false,
                .frees_by_pageblock = false,
                .accounts_each_take = false,
                .pcp_remembers_type = true,
                .pcp_tunes_high = false,
                .claim_then_steal = false,
                .fallback_takes_page = false,
                .highatomic_counts_free = false,
                .highatomic_by_order = false,
                .isolation_moves_freelists = false,
                .movable_zone_min_fixed = false,
                .tracks_below_high = false,
                .any_request_wakes_boosted = true,
                .high_ignores_boost = false,
                .announces_kept_targets = false,
                .lru_gen = false,
                .lru_batch = 15},
    KernelRules{.version = KernelVersion::v6_12,
                .name = "6.12",
                .merge_retypes = true,
                .frees_by_pageblock = true,
                .accounts_each_take = true,
                .pcp_remembers_type = false,
                .pcp_tunes_high = true,
                .claim_then_steal = true,
                .fallback_takes_page = true,
                .highatomic_counts_free = true,
                .highatomic_by_order = true,
                .isolation_moves_freelists = true,
                .movable_zone_min_fixed = true,
                .tracks_below_high = true,
                .any_request_wakes_boosted = false,
                .high_ignores_boost = true,
                .announces_kept_targets = true,
                .lru_gen = true,
                .lru_batch = 31},
};

inline constexpr KernelVersion kNewestKernel = kKernelRules.back().version;

constexpr const KernelRules& kernel_rules(KernelVersion version) {
  return *std::ranges::find(kKernelRules, version, &KernelRules::version);
}

/** The kernel whose rules go by @name; nothing if none does. */
constexpr std::optional<KernelVersion> kernel_called(std::string_view name) {
  const auto found = std::ranges::find(kKernelRules, name, &KernelRules::name);
  return found == kKernelRules.end() ? std::nullopt : std::optional(found->version);
}

}  // namespace gbsim
