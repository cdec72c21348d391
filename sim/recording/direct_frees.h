// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/mm/lazy_array.h"
#include "sim/mm/zone_spec.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/** What following the pages of a machine needs to know of it. */
struct PageGeometry {
  Pfn end{};  // of the pages that are followed
  Order pageblock = ZoneOrders{}.pageblock;
};

/**
 * Finds frees of per-CPU orders that reached the buddy all the same, unannounced (the per-CPU lock was taken). Such a
 * page shows itself later: it leaves a free list although it never returned to one, compaction moves something to it,
 * or gives it back unused, or a snapshot has it on a free list.
 */
class DirectFrees {
 public:
  explicit DirectFrees(const PageGeometry& geometry)
      : end_(geometry.end), pageblock_(geometry.pageblock), freed_(geometry.end.value) {}

  /**
   * Not of frees that give nothing back (KeptTargets). @number counts announced events from 0. @taken: an extfrag event
   * that took its page without a zone_locked.
   */
  void note(const TraceEvent& event, std::uint64_t number, bool taken);
  /** What a snapshot shows at this point of the recording. */
  void note(const ZoneImage& zone);
  /** A caller has got the page, and has not given it back since. */
  bool is_handed_out(Pfn pfn) const { return pfn < end_ && freed_[pfn.value] == kHandedOut; }
  /** Numbers of the frees in question, ascending. */
  std::vector<std::uint64_t> numbers() &&;

 private:
  static constexpr std::uint64_t kHandedOut = ~std::uint64_t{0};

  void set(const TraceEvent& event, std::uint64_t stamp);
  /** What freed_ says of a page, unless a snapshot has settled it since. */
  std::uint64_t stamp_of(std::uint64_t pfn) const {
    const std::uint64_t stamp = freed_[pfn];
    return stamp != 0 && stamp != kHandedOut && !is_settled(pfn, stamp) ? stamp : 0;
  }
  bool is_settled(std::uint64_t pfn, std::uint64_t stamp) const {
    return std::ranges::any_of(settled_, [&](const Settled& zone) {
      return zone.start.value <= pfn && pfn < zone.end.value && stamp <= zone.stamp;
    });
  }
  void was_in_buddy(Pfn head, Order order);
  /** Whoever had the old page has @pfn now. */
  void moved_to(Pfn pfn);
  /** Freed a second time while compaction is at work: perhaps it took the page off a free list, and gives it back. */
  void suspect(const TraceEvent& event);
  void confirm(const TraceEvent& event);

  Pfn end_;
  Order pageblock_;
  /** A snapshot shows where all pages of its zone are that were freed up to @stamp. */
  struct Settled {
    Pfn start{};
    Pfn end{};
    std::uint64_t stamp = 0;
  };
  std::vector<Settled> settled_;  // by zone
  std::uint64_t latest_ = 0;      // stamp
  // By pfn: 1 + number of its latest free while nothing shows where it went; kHandedOut after an allocation; else 0.
  LazyArray<std::uint64_t> freed_;
  std::unordered_map<std::uint64_t, std::uint64_t> suspects_;  // by pfn: stamp of the first free
  bool compacts_ = false;
  std::vector<std::uint64_t> found_;
};

}  // namespace gbsim
