// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/source_scan.h"

#include <algorithm>

namespace gbsim {

namespace {

/** Pageblocks passed over before the caller looks around again. */
constexpr std::uint64_t kMaxPassed = 1024;

bool is_movable_block(Migratetype type) {
  return type == Migratetype::movable || type == Migratetype::cma;
}

}  // namespace

bool SourceScan::isolate() {
  Pfn low = fast_find_block();
  bool vetted = low != c_.migrate_pfn && c_.fast_search_fail == 0;
  std::uint64_t passed = 0;
  for (Pfn end = c_.end_of_block(low); end <= c_.free_pfn && passed < kMaxPassed; end = c_.end_of_block(low)) {
    if (wants(low, vetted)) {
      scan_block(low, end);
      break;
    }
    vetted = false;
    ++passed;
    low = c_.migrate_pfn = end;
  }
  c_.count_passed(passed);
  return c_.nr_sources != 0;
}

bool SourceScan::wants(Pfn low, bool vetted) {
  const bool at_start = low == c_.block_of(low) || low == c_.zone.start();
  if (at_start && !vetted && c_.skips(c_.zone.pageblock(low))) {
    return false;
  }
  if (!suitable(low)) {
    update_cached(c_.end_of_block(low));
    return false;
  }
  return true;
}

// A tainted gigablock without movable pages has nothing to migrate (RFC v2-38); an isolated one is somebody else's.
bool SourceScan::is_immovable(GigablockId id) const {
  const GigablockIndex* index = c_.zone.gigablocks();
  if (index == nullptr || !c_.memory.tunables().gigablock_skip_immovable) {
    return false;
  }
  const GigablockCategory category = index->category(id);
  return category == GigablockCategory::isolated ||
         (category == GigablockCategory::tainted && index->counts(id).movable == 0);
}

// Async work on behalf of an allocation stays in pageblocks of its own kind; huge pages are not worth moving.
bool SourceScan::suitable(Pfn low) const {
  if (is_immovable(c_.zone.gigablock_of(std::max(low, c_.zone.start())))) {
    return false;
  }
  const Slot head = c_.zone.slot(std::max(c_.block_of(low), c_.zone.start()));
  const Order pageblock = c_.zone.orders().pageblock;
  if (head.kind() == Slot::Kind::folio && c_.memory.folios()[FolioId{head.folio()}].order >= pageblock) {
    return false;
  }
  if (!c_.async() || !c_.request.direct) {
    return true;
  }
  const Migratetype type = c_.zone.pageblock(low).type;
  return c_.request.type == Migratetype::movable ? is_movable_block(type) : type == c_.request.type;
}

void SourceScan::scan_block(Pfn from, Pfn end) {
  low_ = from;
  end_ = end;
  by_chunk_ = c_.request.direct && c_.async() && c_.request.for_order();
  next_chunk_ = by_chunk_ ? chunk_end(from) : end;
  from_start_ = from == c_.block_of(from) || from == c_.zone.start();
  mark_settled_ = false;
  scanned_ = 0;
  isolated_ = 0;
  const Pageblock& block = c_.zone.pageblock(from);
  if (from_start_ && c_.skips(block)) {
    from_start_ = false;
    low_ = end;
  } else if (block.migratable == 0) {
    scanned_ = (end - from).value;
    low_ = end;
  } else {
    walk();
  }
  settle_block();
}

void SourceScan::walk() {
  while (low_ < end_) {
    if (by_chunk_ && low_ >= next_chunk_ && isolated_ != 0) {
      return;
    }
    if (by_chunk_ && low_ >= next_chunk_) {
      next_chunk_ = chunk_end(low_);
    }
    if (!take_sight()) {
      return;
    }
  }
}

/** Deals with what stands at the scanner; false: this scan is over. */
bool SourceScan::take_sight() {
  const Sight sight = look();
  scanned_ += sight.pages.value;
  if (sight.free) {
    low_ += sight.pages;
    return true;
  }
  if (!sight.folio || !may_isolate(c_.memory.folios()[*sight.folio])) {
    pass_obstacle(sight.pages);
    return true;
  }
  if (claimed_by_other()) {
    low_ = end_;
    return false;
  }
  isolate_folio(*sight.folio, sight.pages);
  return c_.nr_sources < kCompactCluster || c_.finish_pageblock || c_.contended;
}

SourceScan::Sight SourceScan::look() const {
  const PageIndex page = c_.zone.page(low_);
  const Slot slot = c_.zone.page_map().slot(page);
  switch (slot.kind()) {
    case Slot::Kind::free:
      return {c_.zone.page_map().order_of_free(page).pages(), true};
    case Slot::Kind::folio:
      return {c_.memory.folios()[FolioId{slot.folio()}].order.pages(), false, FolioId{slot.folio()}};
    case Slot::Kind::raw:
    case Slot::Kind::pcp:
      return {slot.order().pages()};
    case Slot::Kind::none:
      break;
  }
  return {};
}

// Moving a folio as large as the wish gains nothing: skip_isolation_on_order().
bool SourceScan::may_isolate(const Folio& folio) const {
  const bool too_large = folio.order >= c_.zone.orders().pageblock ||
                         (c_.request.for_order() && folio.order >= c_.request.order);
  if (folio.order > Order{0} && too_large) {
    return false;
  }
  if (!c_.request.may_fs && !folio.has(kSwapBacked)) {
    return false;
  }
  return migration_.can_try(folio, c_.request.mode);
}

bool SourceScan::claimed_by_other() {
  if (mark_settled_ || !from_start_) {
    return false;
  }
  mark_settled_ = true;
  if (c_.request.ignore_skip) {
    return false;
  }
  bool& skip = c_.zone.pageblock(low_).skip;
  const bool claimed = skip && !c_.finish_pageblock;
  skip = true;
  return claimed;
}

void SourceScan::isolate_folio(FolioId id, NrPages pages) {
  folios_.push_back(id);
  isolated_ += pages.value;
  c_.nr_sources += pages.value;
  low_ += pages;
}

void SourceScan::pass_obstacle(NrPages pages) {
  low_ += pages;
  if (!by_chunk_) {
    return;
  }
  for (const FolioId id : folios_) {
    migration_.putback(id);
  }
  folios_.clear();
  c_.nr_sources = 0;
  isolated_ = 0;
  if (low_ <= next_chunk_) {
    low_ = next_chunk_;
    next_chunk_ += c_.request.order.pages();
  }
}

void SourceScan::settle_block() {
  low_ = std::min(low_, end_);
  if (low_ == end_ && (isolated_ == 0 || c_.finish_pageblock)) {
    if (from_start_ && !mark_settled_) {
      c_.zone.pageblock(end_ - NrPages{1}).skip = true;
    }
    update_cached(low_);
  }
  c_.count_migrate_scanned(scanned_);
  c_.count_isolated(isolated_);
  c_.migrate_pfn = low_;
}

void SourceScan::update_cached(Pfn pfn) {
  const Pfn next = c_.end_of_block(pfn);
  c_.cached.migrate_async = std::max(c_.cached.migrate_async, next);
  if (!c_.async()) {
    c_.cached.migrate_sync = std::max(c_.cached.migrate_sync, next);
  }
}

bool SourceScan::may_search_fast() const {
  const bool continues = c_.migrate_pfn != c_.zone.start() && c_.migrate_pfn != c_.block_of(c_.migrate_pfn);
  if (c_.request.ignore_skip || c_.finish_pageblock || continues || c_.request.order <= kCostlyOrder) {
    return false;
  }
  return !c_.request.direct || c_.request.type == Migratetype::movable;
}

// A pageblock with large free blocks is nearly empty: the cheapest to clear. fast_find_migrateblock().
Pfn SourceScan::fast_find_block() {
  if (!may_search_fast()) {
    return c_.migrate_pfn;
  }
  std::uint64_t distance = (c_.free_pfn - c_.migrate_pfn).value / 2;
  if (c_.migrate_pfn != c_.zone.start()) {
    distance /= 4;
  }
  const Pfn below = c_.block_of(c_.migrate_pfn + NrPages{distance});
  const FoundSource found = find_source(
      c_.zone, std::min(c_.request.order.prev(), c_.zone.orders().max), fast_search_limit(c_.fast_search_fail),
      [&](Pfn pfn) { return pfn < below && !c_.zone.pageblock(pfn).skip; },
      [this](GigablockId id) { return !is_immovable(id); });
  if (found.turn) {
    turn(c_.zone, *found.turn);
  }
  c_.count_migrate_scanned(found.scanned);
  if (!found.block) {
    ++c_.fast_search_fail;
    return restart_at_lowest_found();
  }
  c_.fast_search_fail = 0;
  if (!c_.fast_start_used) {
    c_.fast_start = std::min(c_.fast_start.value_or(*found.block), *found.block);
  }
  return std::max(c_.block_of(*found.block), c_.zone.start());
}

Pfn SourceScan::restart_at_lowest_found() {
  if (c_.fast_start && !c_.fast_start_used) {
    c_.fast_start_used = true;
    c_.migrate_pfn = std::max(c_.block_of(*c_.fast_start), c_.zone.start());
  }
  return c_.migrate_pfn;
}

}  // namespace gbsim
