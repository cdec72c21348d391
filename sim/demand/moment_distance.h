// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/demand/recording_moments.h"

namespace gbsim {

/** Orders whose free memory is looked at together. */
struct OrderGroup {
  std::string_view name;
  Order first;
  Order last;
};

inline constexpr std::array kOrderGroups{
    OrderGroup{"orders 0 to 3", Order{0}, Order{3}},
    OrderGroup{"orders 4 to 8", Order{4}, Order{8}},
    OrderGroup{"orders 9 and up", Order{9}, Order{kMaxOrders - 1}},
};

/** How far two courses of memory are apart, averaged over the moments both were looked at. */
struct MomentDistance {
  std::size_t moments = 0;
  /** By group: |log2| of the ratio of free memory, each side with one pageblock added, so that crumbs do not count. */
  std::array<double, kOrderGroups.size()> octaves{};
  std::array<double, kOrderGroups.size()> memory_share{};  // by group: |difference|, as a part of managed memory
  std::size_t mixed_moments = 0;
  double mixed_points = 0;  // |difference| of the share of mixed pageblocks, in percentage points

  /** One number: the mean over the groups. */
  double mean_octaves() const;
};

/** Requires: as many of the one as of the other. Mixing counts where both know it. */
MomentDistance distance_between(const std::vector<MemoryMoment>& recorded, const std::vector<MemoryMoment>& simulated);

/** Free memory of @group. */
NrPages free_in(const MemoryMoment& moment, const OrderGroup& group);

}  // namespace gbsim
