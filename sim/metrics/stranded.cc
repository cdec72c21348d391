// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/stranded.h"

#include <algorithm>

namespace gbsim {

StrandedMemory stranded_memory(std::span<const GigablockSample> gigablocks) {
  StrandedMemory sums;
  for (const GigablockSample& each : gigablocks) {
    if (!each.whole || each.state != GigablockState::tainted) {
      continue;
    }
    const std::uint64_t unmovable = each.free_labelled[index(Migratetype::unmovable)];
    const std::uint64_t movable = each.free_labelled[index(Migratetype::movable)];
    const std::uint64_t reclaimable = each.free_labelled[index(Migratetype::reclaimable)];
    ++sums.gigablocks;
    sums.free_pageblocks += each.free_pageblocks;
    sums.free_unmovable += unmovable;
    sums.free_movable += movable;
    sums.free_reclaimable += reclaimable;
    const std::uint64_t without = reclaimable == 0 ? unmovable + movable : 0;
    sums.most_without_reclaimable = std::max(sums.most_without_reclaimable, without);
    sums.most_movable_only = std::max(sums.most_movable_only, unmovable == 0 ? without : 0);
  }
  return sums;
}

}  // namespace gbsim
