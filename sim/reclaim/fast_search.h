// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** COMPACT_CLUSTER_MAX: base pages that are isolated before they migrate. */
inline constexpr std::uint64_t kCompactCluster = 32;

// Compaction's short looks into the movable free lists. They take nothing; a list that was looked through is to be
// turned by whoever asked, so that the next look meets other blocks. Gigablocks that cannot have what is sought, where
// they have lists of their own, are left out: their blocks would use up the few looks of a search. Our choice.
using LooksInto = std::function<bool(GigablockId)>;
inline bool looks_everywhere(GigablockId /*any*/) { return true; }

/** A free list to be turned until @head stands at that end: move_freelist_head(), move_freelist_tail(). */
struct ListTurn {
  Order order;
  Pfn head;
  ListEnd end = ListEnd::head;
};
inline void turn(Zone& zone, const ListTurn& turned) { zone.turn_list(turned.head, turned.order, turned.end); }

/** Free blocks that a look meets at most, after so many in a row that found nothing: freelist_scan_limit(). */
constexpr unsigned fast_search_limit(unsigned fails) {
  constexpr unsigned kMostShift = 31;
  return (static_cast<unsigned>(kCompactCluster) >> std::min(fails, kMostShift)) + 1;
}
/** The same for targets: fast_isolate_freepages(). */
constexpr unsigned target_search_limit(unsigned fails) { return std::max(1U, fast_search_limit(fails) / 2); }

/** After @order comes the next smaller one, and after 0 the largest below @wish: next_search_order(). */
constexpr Order next_search_order(Order order, Order wish) {
  return order == Order{0} ? wish.prev() : order.prev();
}

/** What fast_isolate_freepages() looks for. */
struct TargetSearch {
  Pfn preferred{};   // a block at or above is taken at once
  Pfn acceptable{};  // or else the highest of an order at or above this
  Order wish{};      // the order that compaction is for: lists of smaller ones are looked through
  Order first{};     // with this one first, then downwards and around. Requires: below @wish
  unsigned limit = 0;
};

/** What a search met, and which lists are to be turned in the end. */
struct FoundTarget {
  Maybe<Pfn> block{};
  Order order{};
  Pfn highest{};              // pageblock of the highest block that was met
  std::uint64_t scanned = 0;  // blocks met
  std::vector<ListTurn> turns{};
};

FoundTarget find_target(const Zone& zone, TargetSearch search, const LooksInto& looks_into = looks_everywhere);

/** The same of a search for pages to move. */
struct FoundSource {
  Maybe<Pfn> block{};
  std::uint64_t scanned = 0;
  std::optional<ListTurn> turn{};
};

/** A block that @fits, from order @top down to kCostlyOrder: fast_find_migrateblock(). */
FoundSource find_source(const Zone& zone, Order top, unsigned limit, const std::function<bool(Pfn)>& fits,
                        const LooksInto& looks_into = looks_everywhere);

}  // namespace gbsim
