// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "sim/base/types.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** Free memory of one zone from the point of view of one order: struct contig_page_info. */
struct ContigInfo {
  std::uint64_t free_pages = 0;
  std::uint64_t free_blocks = 0;
  std::uint64_t suitable_blocks = 0;  // of the wanted order, parts of larger blocks included
};

ContigInfo contig_info(const Zone& zone, Order order);

/** Share of free memory in blocks too small for @order, in thousandths; 1000 if nothing is free. */
unsigned unusable_index(const ContigInfo& info, Order order);

/**
 * Why an allocation of @order would fail, in thousandths: towards 0 for lack of memory, towards 1000 because of
 * fragmentation; -1000 if it would succeed. Formula of mm/vmstat.c.
 */
int fragmentation_index(const ContigInfo& info, Order order);

/** Share of free memory unusable for @order in percent: extfrag_for_order(). */
unsigned extfrag_for_order(const ContigInfo& info, Order order);

/** Free pages of @zone in blocks of at least a pageblock, isolated ones left out: NR_FREE_PAGES_BLOCKS. */
NrPages free_in_pageblocks(const Zone& zone);

/** Proactive compaction's score of one zone: extfrag at pageblock order, 0..100. */
unsigned fragmentation_score(const Zone& zone);
/** Scores weighted by zone size. */
unsigned fragmentation_score(std::span<Zone* const> zones);

}  // namespace gbsim
