// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/target_scan.h"

#include <algorithm>

namespace gbsim {

Maybe<Pfn> TargetScan::take(Order order) {
  if (const auto pfn = take_held(order)) {
    return pfn;
  }
  isolate();
  return take_held(order);
}

Maybe<Pfn> TargetScan::take_held(Order order) {
  Order found = order;
  while (found.value < held_.size() && held_[found.value].empty()) {
    ++found;
  }
  if (found.value >= held_.size()) {
    return std::nullopt;
  }
  const Pfn pfn = held_[found.value].front();
  held_[found.value].pop_front();
  while (found > order) {
    c_.zone.split_raw(pfn, found, found.prev());
    --found;
    held_[found.value].push_front(pfn + found.pages());
  }
  c_.nr_targets -= order.pages().value;
  c_.nr_sources -= std::min(c_.nr_sources, order.pages().value);
  return pfn;
}

void TargetScan::give_back(Pfn pfn, Order order) {
  held_[order.value].push_front(pfn);
  c_.nr_targets += order.pages().value;
  c_.nr_sources += order.pages().value;
}

void TargetScan::release() {
  Pfn highest{};
  c_.zone.run_on(c_.request.cpu);
  for (std::size_t order = 0; order < held_.size(); ++order) {
    for (const Pfn pfn : held_[order]) {
      c_.zone.putback_raw(pfn, Order{static_cast<unsigned>(order)});
      highest = std::max(highest, pfn);
    }
    held_[order].clear();
  }
  if (c_.nr_targets != 0) {
    c_.cached.free = std::max(c_.cached.free, c_.block_of(highest));
  }
  c_.nr_targets = 0;
}

// Migrated pages go where placement puts movable memory first: into clean gigablocks.
bool TargetScan::is_foreign(GigablockId id) const {
  const GigablockIndex* index = c_.zone.gigablocks();
  return index != nullptr && index->category(id) != GigablockCategory::clean;
}

// A block as large as the wish would be a waste to break up.
bool TargetScan::suitable(const Pageblock& block, Pfn start) const {
  if (is_foreign(c_.zone.gigablock_of(std::max(start, c_.zone.start())))) {
    return false;
  }
  const PageMap& map = c_.zone.page_map();
  const PageIndex page = c_.zone.page(std::max(start, c_.zone.start()));
  const Order wish = c_.request.for_order() ? c_.request.order : c_.zone.orders().pageblock;
  if (c_.skips(block) || (map.slot(page).is_free() && map.order_of_free(page) >= wish)) {
    return false;
  }
  const bool any_target = c_.request.any_target && !c_.zone.is_confined();
  return any_target || block.type == Migratetype::movable || block.type == Migratetype::cma;
}

Pfn TargetScan::block_below(Pfn start) const {
  const NrPages pageblock = c_.zone.orders().pageblock.pages();
  return start.value >= pageblock.value ? start - pageblock : Pfn{0};
}

void TargetScan::isolate() {
  if (c_.scanners_met()) {
    return;
  }
  c_.zone.run_on(c_.request.cpu);
  isolate_fast();
  if (c_.nr_targets != 0) {
    return;
  }
  const Pfn lowest = c_.end_of_block(c_.migrate_pfn);
  Pfn from = c_.free_pfn;
  unsigned stride = c_.async() ? kCompactCluster : 1;
  std::uint64_t passed = 0;
  for (Pfn start = c_.block_of(from); start >= lowest; start = block_below(start), from = start) {
    ++passed;
    Pageblock& block = c_.zone.pageblock(start);
    if (!suitable(block, start)) {
      continue;
    }
    const Pfn end = std::min(c_.end_of_block(start), c_.zone.end());
    const std::uint64_t before = c_.nr_targets;
    from = scan_block(from, end, stride);
    if (from >= end) {
      block.skip = true;
      c_.cached.free = std::min(c_.cached.free, block_below(start));
    }
    if (enough() || from < end) {
      from = from >= end ? block_below(start) : from;
      break;
    }
    stride = c_.nr_targets != before ? 1 : std::min<unsigned>(kCompactCluster, stride * 2);
  }
  c_.count_passed(passed);
  c_.free_pfn = from;
}

/** Base pages up to where the next block begins that the scanner looks at: compound pages are passed whole. */
std::uint64_t TargetScan::pages_to_pass(Pfn pfn, Pfn end) const {
  const Slot slot = c_.zone.slot(pfn);
  std::uint64_t pages = 1;
  if (slot.kind() == Slot::Kind::folio) {
    pages = c_.memory.folios()[FolioId{slot.folio()}].order.pages().value;
  } else if (slot.kind() == Slot::Kind::raw) {
    pages = slot.order().pages().value;
  }
  return pfn + NrPages{pages} <= end ? pages : 1;
}

Pfn TargetScan::scan_block(Pfn from, Pfn end, unsigned stride) {
  if (c_.zone.pageblock(from).free == 0) {
    c_.count_free_scanned(((end - from).value + stride - 1) / stride);
    return end;
  }
  std::uint64_t scanned = 0;
  Pfn pfn = from;
  Pfn locked_until = from;  // the lock is dropped at each cluster
  while (pfn < end) {
    ++scanned;
    if (!c_.zone.slot(pfn).is_free()) {
      const std::uint64_t pages = pages_to_pass(pfn, end);
      scanned += pages - 1;
      pfn += NrPages{pages - 1 + stride};
      continue;
    }
    if (pfn >= locked_until) {
      lock_zone();
      locked_until = pfn.align_down(kClusterOrder) + NrPages{kCompactCluster};
    }
    const Order order = c_.zone.page_map().order_of_free(c_.zone.page(pfn));
    if (!isolate_block(pfn, order)) {
      break;
    }
    scanned += order.pages().value - 1;
    pfn += order.pages();
    if (enough()) {
      break;
    }
    pfn += NrPages{stride - 1U};
  }
  c_.count_free_scanned(scanned);
  return std::min(pfn, end);
}

void TargetScan::lock_zone() { c_.contended = c_.contended || (c_.async() && migration_.lock_is_busy()); }

bool TargetScan::isolate_block(Pfn pfn, Order order) {
  if (!c_.zone.isolate_free_block(pfn, order)) {
    return false;
  }
  held_[order.value].push_back(pfn);
  c_.nr_targets += order.pages().value;
  c_.count_isolated(order.pages().value);
  c_.memory.meter().charge(WorkKind::isolate_free_page, order.pages().value);
  return true;
}

// A few looks into the free lists usually find a target high in the zone: fast_isolate_freepages().
void TargetScan::isolate_fast() {
  if (!c_.request.for_order()) {
    return;
  }
  const bool at_start = c_.free_pfn >= c_.cached.first_target;
  const std::uint64_t distance = (c_.free_pfn - c_.migrate_pfn).value;
  const auto half_block = static_cast<unsigned>(c_.zone.orders().pageblock.pages().value / 2);
  c_.search_order = std::min(c_.search_order, c_.request.order.prev());
  const TargetSearch search{.preferred = c_.block_of(c_.free_pfn - NrPages{distance / 4}),
                            .acceptable = c_.block_of(c_.free_pfn - NrPages{distance / 2}),
                            .wish = c_.request.order,
                            .first = c_.search_order,
                            .limit = at_start ? half_block : target_search_limit(c_.fast_search_fail)};
  FoundTarget found = find_target(c_.zone, search, [this](GigablockId id) { return !is_foreign(id); });
  for (const ListTurn& turned : found.turns) {
    turn(c_.zone, turned);
  }
  if (!use_found(search, found)) {
    found.block.reset();
    ++c_.fast_search_fail;
    if (at_start) {
      start_lower(search, found);
    }
  }
  if (found.highest >= c_.cached.free && found.highest != Pfn{}) {
    c_.cached.free = block_below(found.highest);
  }
  c_.count_free_scanned(found.scanned);
  if (found.block) {
    isolate_around(*found.block);
  }
}

/** Whether a block was isolated. */
bool TargetScan::use_found(const TargetSearch& search, const FoundTarget& found) {
  if (!found.block) {
    c_.search_order = next_search_order(search.first, search.wish);
    return false;
  }
  if (*found.block >= search.preferred) {
    c_.fast_search_fail = 0;
    c_.search_order = found.order;
  }
  return isolate_block(*found.block, found.order);
}

// The linear scan need not begin where there was no large free block; direct work jumps far, whatever it misses.
void TargetScan::start_lower(const TargetSearch& search, FoundTarget& found) {
  if (found.highest >= search.acceptable) {
    c_.free_pfn = found.highest;
    found.block = found.highest;
  } else if (c_.request.direct) {
    c_.free_pfn = std::max(search.acceptable, c_.zone.start());
    const bool usable = suitable(c_.zone.pageblock(c_.free_pfn), c_.block_of(c_.free_pfn));
    found.block = usable ? Maybe<Pfn>{c_.free_pfn} : std::nullopt;
  }
}

void TargetScan::isolate_around(Pfn pfn) {
  if (enough() || (c_.request.direct && c_.async())) {
    return;
  }
  const Pfn start = std::max(c_.block_of(pfn), c_.zone.start());
  const Pfn end = std::min(c_.end_of_block(pfn), c_.zone.end());
  if (scan_block(start, end, 1) >= end) {
    c_.zone.pageblock(pfn).skip = true;
  }
}

}  // namespace gbsim
