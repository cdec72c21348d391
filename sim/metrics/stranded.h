// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "sim/metrics/sample.h"

namespace gbsim {

/** Free memory of whole tainted gigablocks, by the list that its pageblocks' labels keep it on. Base pages. */
struct StrandedMemory {
  std::uint64_t gigablocks = 0;
  std::uint64_t free_pageblocks = 0;
  std::uint64_t free_unmovable = 0;
  std::uint64_t free_movable = 0;
  std::uint64_t free_reclaimable = 0;
  std::uint64_t most_without_reclaimable = 0;  // free in one gigablock that has nothing on its reclaimable lists
  std::uint64_t most_movable_only = 0;         // free in one gigablock that has nothing but on its movable lists
};

StrandedMemory stranded_memory(std::span<const GigablockSample> gigablocks);

}  // namespace gbsim
