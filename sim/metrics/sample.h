// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/types.h"
#include "sim/metrics/counters.h"
#include "sim/metrics/pageblock_frame.h"
#include "sim/mm/folio.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/pageblock.h"

namespace gbsim {

/** Free blocks by order, then migratetype. */
using FreeBlocks = std::vector<std::array<std::uint64_t, kNrMigratetypes>>;

/** One zone at one moment. */
struct ZoneSample {
  NodeId node{};
  std::string name;
  Order pageblock_order;
  NrPages present;
  NrPages managed;
  NrPages free;  // NR_FREE_PAGES
  NrPages pcp;
  NrPages min, low, high, boost;  // watermarks with the boost included, and the boost alone
  FreeBlocks free_blocks;
  std::array<std::uint64_t, kNrMigratetypes> pageblocks{};  // by label
};

/** "empty", "clean" or "tainted". */
std::string_view name(GigablockState state);

inline constexpr std::size_t kNrGigablockStates = 3;

/** The census of one aligned gigablock of physical memory, in base pages. */
struct GigablockSample {
  GigablockId id{};
  NodeId node{};
  bool whole = true;  // no holes, no boot-time memory, one zone: could be a 1 GiB page if it were empty
  GigablockState state = GigablockState::empty;
  std::uint32_t free = 0;  // per-CPU lists included
  std::uint32_t movable = 0;
  std::uint32_t unmovable = 0;
  std::uint32_t reclaimable = 0;
  std::uint32_t pinned = 0;    // of the above, pages that cannot migrate now although migratable
  std::uint32_t reserved = 0;  // holes and boot-time memory
  std::uint32_t free_pageblocks = 0;
  std::array<std::uint32_t, kNrPcpTypes> free_labelled{};  // on free lists, by its pageblocks' labels
};

/** Sums over all pageblocks. */
struct PageblockCensus {
  std::uint64_t total = 0;
  std::uint64_t free = 0;            // wholly free
  std::uint64_t mixed = 0;           // holds pages of another type than its label
  std::uint64_t with_unmovable = 0;  // holds at least one unmovable page
  NrPages movable, unmovable, reclaimable, pinned;
};

/** Fragmentation indices as debugfs shows them, over all free lists of the machine, in [0, 1] or -1. */
struct FragmentationIndices {
  double unusable_4 = 0;
  double unusable_9 = 0;
  double unusable_18 = 0;
  double extfrag_4 = -1;
  double extfrag_9 = -1;
};

/** The machine at one moment: what one row of every time series is made of. */
struct Sample {
  Ns time{0};  // since the end of warm-up
  std::vector<ZoneSample> zones;
  std::array<NrPages, kNrLruLists> lru{};
  NrPages swap_used;
  PageblockCensus pageblocks;
  PageblockFrame blocks;
  std::vector<GigablockSample> gigablocks;
  std::array<std::uint64_t, kNrGigablockStates> gigablock_states{};  // whole ones only
  std::uint64_t allocatable_1g = 0;
  FragmentationIndices fragmentation;
  Counters counters;  // since the end of warm-up

  NrPages free_pages() const;
  std::uint64_t free_blocks(Order order) const;
  std::uint64_t free_blocks(Order order, Migratetype type) const;
  std::size_t nr_orders() const;
  /** Whole gigablocks in @state. */
  std::uint64_t gigablocks_in(GigablockState state) const;
  std::uint64_t whole_gigablocks() const;
};

}  // namespace gbsim
