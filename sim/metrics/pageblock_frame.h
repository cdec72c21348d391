// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/pageblock.h"

namespace gbsim {

/**
 * What one pageblock holds, in a byte. Bits 0-2: how full (PageblockFill); bit 3 movable, bit 4 unmovable, bit 5
 * reclaimable pages are in it; bits 6-7: its label (0 unmovable, 1 movable, 2 reclaimable, 3 any other).
 */
using PageblockCode = std::uint8_t;

/** Share of a pageblock's pages that are allocated, boot-time memory left out. */
enum class PageblockFill : std::uint8_t { empty, quarter, half, three_quarters, nearly_full, full, boot_memory, hole };

/** The code of @block, which has @pages pages; @hole: none of them exists. */
PageblockCode pageblock_code(const Pageblock& block, NrPages pages, bool hole);

/** Pageblocks that stand one after another. */
struct PageblockRange {
  Pfn start;
  std::uint64_t count = 0;

  bool operator==(const PageblockRange&) const = default;
};

/** All pageblocks at one moment, in order of their zones. Ranges are the same throughout a run. */
struct PageblockFrame {
  Order pageblock{};
  Order gigablock{};
  std::vector<PageblockRange> ranges;
  std::vector<PageblockCode> codes;  // of all ranges, one after another
};

}  // namespace gbsim
