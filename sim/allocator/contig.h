// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/allocator/evacuation.h"
#include "sim/allocator/page_allocator.h"
#include "sim/base/histogram.h"
#include "sim/base/maybe.h"
#include "sim/reclaim/migration.h"

namespace gbsim {

/** What became of the requests for 1 GiB pages. */
struct Hugepage1gStats {
  std::uint64_t requested = 0;
  std::uint64_t allocated = 0;
  std::uint64_t freed = 0;
  std::uint64_t pages_migrated = 0;
  std::uint64_t from_pool = 0;  // of those allocated
  std::uint64_t from_cma = 0;
  std::uint64_t from_ranges = 0;
  std::uint64_t split = 0;      // into smaller pages while they were held
  std::array<std::uint64_t, kNrContigFailures> ranges_refused{};  // by ContigFailure; many a request
  Histogram latency{};                                            // of all requests, in ns
  Histogram served_latency{};                                     // of those that got a page

  std::uint64_t refused(ContigFailure why) const { return ranges_refused[static_cast<std::size_t>(why)]; }
};

/** How one request ended. */
struct Hugepage1gAttempt {
  Maybe<Pfn> page{};
  std::uint64_t pages_migrated = 0;
  Ns duration{0};
};

/**
 * Gigantic pages, from the pool that was reserved at boot, else from areas of the contiguous memory allocator that hold
 * whole ranges (hugetlb_cma), else the Linux way, alloc_contig_pages(): zones of the zonelist, each aligned range from
 * the bottom up, or where gigablocks are indexed the emptiest few; a range without unmovable memory is isolated, what
 * is in it migrates elsewhere, and the range is taken.
 * It owns the pages it gave out and those of the pool, as pinned folios.
 */
class Contig : public FolioOwner {
 public:
  /** @allocator and @migration must outlive it. */
  Contig(PageAllocator& allocator, Migration& migration);

  std::string_view name() const override { return "hugetlb_1g"; }
  void on_evicted(FolioId, const Folio&) override {}

  /**
   * At boot: moves up to @wanted wholly free ranges into a pool that serves nothing else, spread over the nodes, from
   * the top of each. Returns how many there were.
   */
  unsigned reserve_pool(unsigned wanted);
  /** Called after each request. */
  void on_attempt(std::function<void(const Hugepage1gAttempt&)> told) { told_ = std::move(told); }

  /** One gigantic page, on @node if possible, at the expense of whoever runs; nullopt if no range could be had. */
  Maybe<Pfn> obtain(NodeId node, CpuId cpu);
  /** Gives back a page that was obtained: to the pool if it came from there, else to the buddy. */
  void release(Pfn page, CpuId cpu);
  /** A page that was obtained becomes movable folios of a pageblock each, of @owner. Requires: not of the pool. */
  std::vector<FolioId> split(Pfn page, OwnerId owner, std::uint32_t cookie);
  bool is_pooled(Pfn page) const { return std::ranges::find(pool_, page) != pool_.end(); }
  /** Pages of the pool that nobody holds. */
  std::size_t pool_left() const { return pool_left_.size(); }

  /** obtain() for an operator, who gives back the page that was allocated first. */
  Maybe<Pfn> allocate_1g(NodeId node, CpuId cpu);
  /** False if the operator holds none. */
  bool free_1g(CpuId cpu);

  std::size_t held() const { return held_.size(); }
  const Hugepage1gStats& stats() const { return stats_; }

 private:
  using Refusal = Evacuation::Refusal;

  /** A place where gigantic pages come from. */
  struct Source {
    std::string_view name;
    Maybe<Pfn> (Contig::*find)(NodeId node, CpuId cpu);
    std::uint64_t Hugepage1gStats::* served;
  };
  static const std::array<Source, 3> kSources;  // in order of preference

  Maybe<Pfn> find(NodeId node, CpuId cpu);
  Maybe<Pfn> take_pooled(NodeId node, CpuId cpu);
  Maybe<Pfn> search_cma(NodeId node, CpuId cpu);
  Maybe<Pfn> search(NodeId node, CpuId cpu);
  Maybe<Pfn> search_once(NodeId node, CpuId cpu);
  Maybe<Pfn> first_that_converts(Zone& zone, std::span<const GigablockId> ranges, Migratetype home, CpuId cpu);
  bool reserve_on(NodeId node);
  /** Turns the range, whose pageblocks are of type @home, into one gigantic page; why it could not otherwise. */
  Refusal convert(Zone& zone, GigablockId range, Migratetype home, CpuId cpu);
  Refusal unfit(const Zone& zone, GigablockId range, Migratetype home) const;
  bool is_gigantic(const Zone& zone, Pfn first) const;
  /** What is worth trying, in order: all aligned ranges, or the emptiest gigablocks where an index knows them. */
  std::vector<GigablockId> candidates(const Zone& zone) const;
  void take(Zone& zone, Pfn first);

  Memory& memory_;
  Evacuation evacuation_;
  OwnerId owner_;
  std::vector<Pfn> held_;       // by the operator, oldest first
  std::vector<Pfn> pool_;       // reserved at boot, held or not
  std::vector<Pfn> pool_left_;
  std::function<void(const Hugepage1gAttempt&)> told_;
  Hugepage1gStats stats_;
};

}  // namespace gbsim
