// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/buddy_returns.h"

#include <algorithm>

#include "sim/replay/kept_blocks.h"

namespace gbsim {

void BuddyReturns::note_free(const TraceEvent& free, std::uint64_t number) {
  while (next_direct_ < direct_frees_.size() && direct_frees_[next_direct_] < number) {
    ++next_direct_;
  }
  if (next_direct_ < direct_frees_.size() && direct_frees_[next_direct_] == number) {
    waiting_.add(free);
  }
}

void BuddyReturns::settle(ReplayCounts& counts) {
  give_back(waiting_.rest(), counts);
  for (const TraceEvent& free : arrived_.take_doubted()) {
    give_back(free, counts);
  }
}

void BuddyReturns::give_back(const std::vector<TraceEvent>& frees, ReplayCounts& counts) {
  for (const TraceEvent& free : frees) {
    counts.corrections.add("inferred_direct_free");
    give_back(free, counts);
    arrived_.arrived(free);
  }
}

void BuddyReturns::give_back(const TraceEvent& free, ReplayCounts& counts) {
  const Pfn until = free.pfn + free.order.pages();
  for (Pfn at = free.pfn; at < until;) {
    const Order part = std::min(free.order, memory_.zone_of(at).orders().max);
    Zone* zone = pages_.zone_of(at, part);
    if (zone == nullptr) {
      return counts.skipped.add("outside_of_zones");
    }
    give_back(*zone, at, part, std::nullopt, FreeFlags::none, counts);
    at += part.pages();
  }
}

void BuddyReturns::give_back(Zone& zone, Pfn head, Order order, std::optional<Migratetype> type, FreeFlags flags,
                             ReplayCounts& counts) {
  if (RecordedPages::any_free(zone, head, order)) {
    counts.corrections.add("returned_while_free");
    RecordedPages::seize(zone, head, order, Migratetype::movable, false);
  }
  RecordedPages::unlabel(zone, head, order);
  if (type && KeptBlocks::note_return(zone, head, *type)) {
    counts.corrections.add("pageblock_kept");
  }
  type ? zone.free_block(head, order, *type, flags) : zone.free_one(head, order, flags);
}

bool BuddyReturns::doubt(Zone& zone, Pfn head, Order order, ReplayCounts& counts) {
  const auto doubted = arrived_.doubt(head, order);
  if (doubted) {
    counts.corrections.add("doubted_direct_free");
    RecordedPages::seize(zone, doubted->pfn, doubted->order, Migratetype::movable, false);
  }
  return doubted.has_value();
}

}  // namespace gbsim
