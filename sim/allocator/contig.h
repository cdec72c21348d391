// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/allocator/evacuation.h"
#include "sim/allocator/page_allocator.h"
#include "sim/base/histogram.h"
#include "sim/reclaim/migration.h"

namespace gbsim {

/** What became of the requests for 1 GiB pages. */
struct Hugepage1gStats {
  std::uint64_t requested = 0;
  std::uint64_t allocated = 0;
  std::uint64_t freed = 0;
  std::uint64_t pages_migrated = 0;
  std::array<std::uint64_t, kNrContigFailures> ranges_refused{};  // by ContigFailure; many a request
  Histogram latency{};                                            // of all requests, in ns

  std::uint64_t refused(ContigFailure why) const { return ranges_refused[static_cast<std::size_t>(why)]; }
};

/**
 * Gigantic pages the Linux way, alloc_contig_pages(): zones of the zonelist, each aligned range from the bottom up,
 * or where gigablocks are indexed the emptiest few; a range without unmovable memory is isolated, what is in it
 * migrates elsewhere, and the range is taken.
 * It owns the pages it gave out, as pinned folios.
 */
class Contig : public FolioOwner {
 public:
  /** @allocator and @migration must outlive it. */
  Contig(PageAllocator& allocator, Migration& migration);

  std::string_view name() const override { return "hugetlb_1g"; }
  void on_evicted(FolioId, const Folio&) override {}

  /** One gigantic page, on @node if possible, at the expense of whoever runs; nullopt if no range could be had. */
  std::optional<Pfn> allocate_1g(NodeId node, CpuId cpu);
  /** Gives back the page that was allocated first; false if none is held. */
  bool free_1g(CpuId cpu);

  std::size_t held() const { return held_.size(); }
  const Hugepage1gStats& stats() const { return stats_; }

 private:
  using Refusal = Evacuation::Refusal;

  std::optional<Pfn> search(NodeId node, CpuId cpu);
  /** Turns the range into one gigantic page; what it could not do about it otherwise. */
  Refusal convert(Zone& zone, GigablockId range, CpuId cpu);
  Refusal unfit(const Zone& zone, GigablockId range) const;
  bool is_gigantic(const Zone& zone, Pfn first) const;
  std::optional<Pfn> search_zone(Zone& zone, CpuId cpu);
  /** What is worth trying, in order: all aligned ranges, or the emptiest gigablocks where an index knows them. */
  std::vector<GigablockId> candidates(const Zone& zone) const;
  void take(Zone& zone, Pfn first);

  Memory& memory_;
  Evacuation evacuation_;
  OwnerId owner_;
  std::vector<Pfn> held_;  // oldest first
  Hugepage1gStats stats_;
};

}  // namespace gbsim
