// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/vain_isolation.h"

#include <algorithm>
#include <cmath>

#include "sim/allocator/evacuation.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

bool is_among(const std::vector<Pfn>& pageblocks, const Zone& zone, Pfn pfn) {
  return std::ranges::binary_search(pageblocks, pfn.align_down(zone.orders().pageblock));
}

/** What a removal takes, and how many blocks it passes over. */
struct NextBlock {
  Maybe<Pfn> head{};
  unsigned passed_over = 0;
};

/** Off one list, of which the blocks in @put_back went to the tail by address, or to another type's. */
NextBlock next_on_list(const Zone& zone, Order order, Migratetype type, const std::vector<Pfn>& put_back) {
  NextBlock next;
  Maybe<Pfn> lowest;
  zone.for_each_free(order, type, [&](Pfn head) {
    const bool passes_over = is_among(put_back, zone, head);
    next.passed_over += passes_over ? 1 : 0;
    next.head = passes_over ? std::nullopt : Maybe<Pfn>{head};
    lowest = passes_over ? Maybe<Pfn>{std::min(head, lowest.value_or(head))} : lowest;
    return passes_over;
  });
  if (!next.head && type == Migratetype::movable) {
    next.head = lowest;
  }
  return next;
}

NextBlock next_block(const Zone& zone, const TraceEvent& removal, const std::vector<Pfn>& put_back) {
  NextBlock next;
  for (Order order = removal.order; order <= zone.orders().max && !next.head; ++order) {
    const NextBlock here = next_on_list(zone, order, removal.type, put_back);
    next = {here.head, next.passed_over + here.passed_over};
  }
  return next;
}

bool is_isolated(const Zone& zone, Pfn pfn) { return zone.pageblock(pfn).type == Migratetype::isolate; }

/** set_migratetype_isolate(): of a larger free block, the other pageblocks return to their lists. */
void isolate(Zone& zone, Pfn start) {
  const Order pageblock = zone.orders().pageblock;
  const auto free = RecordedPages::free_block_at(zone, start);
  if (!zone.rules().frees_by_pageblock || !free || free->order <= pageblock) {
    return retype_pageblock(zone, start, Migratetype::isolate);
  }
  RecordedPages::take_off(zone, *free);
  zone.set_pageblock_type(start, Migratetype::isolate);
  for (Pfn at = free->head; at < free->head + free->order.pages(); at += pageblock.pages()) {
    zone.free_block(at, pageblock, zone.pageblock(at).type);
  }
}

/** Whether a free block of a pageblock or more would merge, were it freed now as a movable one. */
bool would_merge(const Zone& zone, const RecordedPages::FreeBlock& block) {
  const Pfn buddy{block.head.value ^ block.order.pages().value};
  return block.order < zone.orders().max && zone.contains(buddy) && zone.is_free_block(buddy, block.order) &&
         !is_isolated(zone, buddy);
}

/** unset_migratetype_isolate(). */
void put_back(Zone& zone, Pfn start) {
  const auto free = RecordedPages::free_block_at(zone, start);
  if (!free || free->order < zone.orders().pageblock || !would_merge(zone, *free)) {
    return retype_pageblock(zone, start, Migratetype::movable);
  }
  RecordedPages::take_off(zone, *free);
  zone.set_pageblock_type(start, Migratetype::movable);
  zone.free_block(free->head, free->order, Migratetype::movable, FreeFlags::to_tail);
}

}  // namespace

/** pfn_range_valid_contig(): no hole, and no boot-time memory. */
bool VainIsolation::may_be_tried(const Zone& zone, Pfn first) {
  const Pfn until = first + zone.orders().gigablock.pages();
  bool is_whole = zone.is_whole_gigablock(zone.gigablock_of(first));
  for (Pfn at = first; is_whole && at < until; at += zone.orders().pageblock.pages()) {
    is_whole = zone.pageblock(at).reserved == 0;
  }
  return is_whole;
}

/** has_unmovable_pages(). Pages that wait for their LRU list do not count: they are new, as batches are small. */
bool VainIsolation::is_in_the_way(const Zone& zone, Pfn pageblock) const {
  const Pageblock& counts = zone.pageblock(pageblock);
  if (counts.allocated() == counts.migratable) {
    return false;
  }
  const Pfn until = pageblock + zone.orders().pageblock.pages();
  for (Pfn at = pageblock; at < until;) {
    const Slot slot = zone.slot(at);
    const bool is_allocated = slot.kind() == Slot::Kind::raw;
    if (is_allocated && !slot.migratable() && slot.type() != Migratetype::movable && cached_[at] == 0) {
      return true;
    }
    at += is_allocated ? slot.order().pages() : NrPages{1};
  }
  return false;
}

void VainIsolation::add_isolated(const Zone& zone, Pfn first, unsigned young, Pageblocks& pageblocks) const {
  const NrPages step = zone.orders().pageblock.pages();
  const Pfn last = first + zone.orders().gigablock.pages() - step;
  const auto before = pageblocks.size();
  Pfn at = first;
  for (unsigned in_the_way = 0; at <= last; at += step) {
    in_the_way += is_in_the_way(zone, at) ? 1 : 0;
    if (in_the_way > young) {
      break;
    }
    pageblocks.push_back(at);
  }
  if (at > last) {
    pageblocks.resize(before);  // an attempt would have got this range
  } else if (at > first && is_in_the_way(zone, last)) {
    pageblocks.resize(before + 1);  // it is isolated second, and nothing after it
  } else if (at > first) {
    pageblocks.push_back(last);
  }
}

VainIsolation::Pageblocks VainIsolation::isolated_with(const Zone& zone, Pfn head, unsigned young) const {
  const Order order = zone.orders().gigablock;
  Pageblocks pageblocks;
  const Pfn own = head.align_down(order);
  if (may_be_tried(zone, own)) {
    add_isolated(zone, own, young, pageblocks);
  }
  if (!is_among(pageblocks, zone, head)) {
    return {};
  }
  pageblocks.clear();
  for (Pfn first = zone.start().align_up(order); first < zone.end(); first += order.pages()) {
    if (may_be_tried(zone, first)) {
      add_isolated(zone, first, first == own ? young : 0, pageblocks);
    }
  }
  return pageblocks;
}

/** Unless compaction has turned the lists, nothing else passes over two blocks. */
bool VainIsolation::is_beyond_doubt(Ns now, double share) const {
  constexpr Ns kTurned{100'000'000};  // since compaction; longer than it leaves a list as it turned it
  constexpr double kChance = 0.01;
  const bool may_be_turned = compacted_ && now - *compacted_ < kTurned;
  return may_be_turned ? std::pow(share, passed_over_) < kChance : passed_over_ > 1;
}

bool VainIsolation::explains(Zone& zone, const TraceEvent& removal) {
  constexpr unsigned kMostYoung = 2;
  constexpr Ns kForgotten{1'000'000'000};  // two so far apart have each its own reason
  const auto order = zone.smallest_free(removal.order, removal.type);
  for (unsigned young = 0; order && young <= kMostYoung; ++young) {
    const Pageblocks isolated = isolated_with(zone, zone.first_free(*order, removal.type), young);
    if (isolated.empty()) {
      continue;
    }
    const NextBlock next = next_block(zone, removal, isolated);
    if (next.head != removal.pfn) {
      continue;
    }
    passed_over_ = removal.time - latest_ < kForgotten ? passed_over_ + next.passed_over : next.passed_over;
    latest_ = removal.time;
    const NrPages pages{isolated.size() * zone.orders().pageblock.pages().value};
    if (!is_beyond_doubt(removal.time, static_cast<double>(pages.value) / static_cast<double>(zone.managed().value))) {
      return false;
    }
    std::ranges::for_each(isolated, [&](Pfn start) { isolate(zone, start); });
    std::ranges::for_each(isolated, [&](Pfn start) { put_back(zone, start); });
    passed_over_ = 0;
    return true;
  }
  passed_over_ = 0;
  return false;
}

}  // namespace gbsim
