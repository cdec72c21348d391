// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/census.h"

#include <algorithm>

namespace gbsim {
namespace {

/** Holds allocated pages of another type than its label. */
bool is_mixed(const Pageblock& block) {
  switch (block.type) {
    case Migratetype::movable:
    case Migratetype::cma:
    case Migratetype::isolate:
      return block.unmovable + block.reclaimable > 0;
    case Migratetype::reclaimable:
      return block.unmovable + block.movable > 0;
    default:
      return block.movable + block.reclaimable > 0;
  }
}

/** What contig_page_info of the kernel holds: F, B and S_k for one order k. */
struct FreeBlockInfo {
  double pages = 0;
  double blocks = 0;
  double suitable = 0;
};

FreeBlockInfo free_block_info(std::span<const std::uint64_t> blocks, unsigned order) {
  FreeBlockInfo info;
  for (unsigned o = 0; o < blocks.size(); ++o) {
    const auto count = static_cast<double>(blocks[o]);
    info.pages += count * static_cast<double>(std::uint64_t{1} << o);
    info.blocks += count;
    info.suitable += o < order ? 0.0 : count * static_cast<double>(std::uint64_t{1} << (o - order));
  }
  return info;
}

double unusable_index(double free_pages, double suitable_pages) {
  return free_pages > 0 ? (free_pages - suitable_pages) / free_pages : 1.0;
}

double unusable_index(std::span<const std::uint64_t> blocks, unsigned order) {
  const FreeBlockInfo info = free_block_info(blocks, order);
  return unusable_index(info.pages, info.suitable * static_cast<double>(std::uint64_t{1} << order));
}

/** __fragmentation_index() of mm/vmstat.c, without its rounding to thousandths. */
double extfrag_index(std::span<const std::uint64_t> blocks, unsigned order) {
  const FreeBlockInfo info = free_block_info(blocks, order);
  if (info.blocks <= 0) {
    return 0;
  }
  if (info.suitable > 0) {
    return -1;
  }
  return 1 - (1 + info.pages / static_cast<double>(std::uint64_t{1} << order)) / info.blocks;
}

}  // namespace

void count_pageblock(PageblockCensus& census, const Pageblock& block, NrPages pages) {
  if (block.reserved >= pages.value) {
    return;
  }
  ++census.total;
  census.free += block.free == pages.value ? 1 : 0;
  census.mixed += is_mixed(block) ? 1 : 0;
  census.with_unmovable += block.unmovable > 0 ? 1 : 0;
  census.movable += NrPages{block.movable};
  census.unmovable += NrPages{block.unmovable};
  census.reclaimable += NrPages{block.reclaimable};
  census.pinned += NrPages{block.pinned};
}

void count_pageblock(GigablockSample& gigablock, const Pageblock& block, NrPages pages) {
  const auto size = static_cast<std::uint32_t>(pages.value);
  gigablock.free += size - std::min<std::uint32_t>(size, block.allocated() + std::uint32_t{block.reserved});
  gigablock.movable += block.movable;
  gigablock.unmovable += block.unmovable;
  gigablock.reclaimable += block.reclaimable;
  gigablock.pinned += block.pinned;
  gigablock.reserved += block.reserved;
  gigablock.free_pageblocks += block.free == pages.value ? 1 : 0;
  if (is_mergeable(block.type)) {
    gigablock.free_labelled[index(block.type)] += block.free;
  }
}

void settle_gigablock(GigablockSample& gigablock, NrPages pages, bool one_zone) {
  gigablock.whole = one_zone && gigablock.reserved == 0;
  gigablock.state = GigablockState::clean;
  if (gigablock.unmovable + gigablock.reclaimable > 0) {
    gigablock.state = GigablockState::tainted;
  } else if (gigablock.free == pages.value) {
    gigablock.state = GigablockState::empty;
  }
}

std::uint64_t count_allocatable_1g(std::span<const GigablockSample> gigablocks, NrPages pages) {
  std::uint64_t candidates = 0;
  std::uint64_t free_pages = 0;
  for (const GigablockSample& g : gigablocks) {
    free_pages += g.free;
    candidates += g.whole && g.state != GigablockState::tainted && g.pinned == 0 ? 1 : 0;
  }
  return std::min(candidates, free_pages / pages.value);
}

FragmentationIndices fragmentation_indices(std::span<const std::uint64_t> blocks, Order gigablock,
                                           std::uint64_t free_gigablocks) {
  const double free_pages = free_block_info(blocks, 0).pages;
  const auto whole_pages = static_cast<double>(free_gigablocks * gigablock.pages().value);
  return {.unusable_4 = unusable_index(blocks, 4),
          .unusable_9 = unusable_index(blocks, 9),
          .unusable_18 = unusable_index(free_pages, std::min(free_pages, whole_pages)),
          .extfrag_4 = extfrag_index(blocks, 4),
          .extfrag_9 = extfrag_index(blocks, 9)};
}

}  // namespace gbsim
