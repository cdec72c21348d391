// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "sim/metrics/sample.h"
#include "sim/mm/pageblock.h"

namespace gbsim {

/** Adds one pageblock of @pages base pages to the sums over all pageblocks. */
void count_pageblock(PageblockCensus& census, const Pageblock& block, NrPages pages);

/** Adds one pageblock of @pages base pages to its gigablock; settle_gigablock() then gives the state. */
void count_pageblock(GigablockSample& gigablock, const Pageblock& block, NrPages pages);

/** State and wholeness from the counts. @pages is the size of a gigablock; @one_zone: all of it is in one zone. */
void settle_gigablock(GigablockSample& gigablock, NrPages pages, bool one_zone);

/**
 * Whole gigablocks of @pages that could be 1 GiB pages right now: empty ones, plus clean ones with nothing pinned.
 * Each takes @pages free pages from the machine, in place or by moving what is there, so free memory bounds them.
 */
std::uint64_t count_allocatable_1g(std::span<const GigablockSample> gigablocks, NrPages pages);

/**
 * Indices over summed free lists. @blocks has free blocks by order; @free_gigablocks are whole free gigablocks of
 * order @gigablock, which no free list shows.
 */
FragmentationIndices fragmentation_indices(std::span<const std::uint64_t> blocks, Order gigablock,
                                           std::uint64_t free_gigablocks);

}  // namespace gbsim
