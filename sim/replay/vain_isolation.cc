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

/** What a removal takes that finds nothing in some pageblocks, and how many blocks there it passes over. */
struct NextBlock {
  Maybe<Pfn> head{};
  unsigned passed_over = 0;
};

NextBlock next_block(const Zone& zone, const TraceEvent& removal, const std::vector<Pfn>& left_out) {
  NextBlock next;
  for (Order order = removal.order; order <= zone.orders().max && !next.head; ++order) {
    zone.for_each_free(order, removal.type, [&](Pfn head) {
      const bool passes_over = is_among(left_out, zone, head);
      next.passed_over += passes_over ? 1 : 0;
      next.head = passes_over ? std::nullopt : Maybe<Pfn>{head};
      return passes_over;
    });
  }
  return next;
}

bool is_isolated(const Zone& zone, Pfn pfn) { return zone.pageblock(pfn).type == Migratetype::isolate; }

/** To be freed again. */
void take_off_list(Zone& zone, const RecordedPages::FreeBlock& block) {
  zone.take_block(block.head, block.order, block.order, block.list);
  zone.settle_taken(block.order, block.list);
}

/** set_migratetype_isolate(): of a larger free block, the other pageblocks return to their lists. */
void isolate(Zone& zone, Pfn start) {
  const Order pageblock = zone.orders().pageblock;
  const auto free = RecordedPages::free_block_at(zone, start);
  if (!zone.rules().frees_by_pageblock || !free || free->order <= pageblock) {
    return retype_pageblock(zone, start, Migratetype::isolate);
  }
  take_off_list(zone, *free);
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
  take_off_list(zone, *free);
  zone.set_pageblock_type(start, Migratetype::movable);
  zone.free_block(free->head, free->order, Migratetype::movable, FreeFlags::to_tail);
}

}  // namespace

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
  for (unsigned in_the_way = 0; at <= last && zone.pageblock(at).reserved == 0; at += step) {
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
  const auto is_whole = [&](Pfn first) { return first >= zone.start() && first + order.pages() <= zone.end(); };
  Pageblocks pageblocks;
  const Pfn own = head.align_down(order);
  if (is_whole(own)) {
    add_isolated(zone, own, young, pageblocks);
  }
  if (!is_among(pageblocks, zone, head)) {
    return {};
  }
  pageblocks.clear();
  for (Pfn first = zone.start().align_up(order); is_whole(first); first += order.pages()) {
    add_isolated(zone, first, first == own ? young : 0, pageblocks);
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
    passed_over_ += next.passed_over;
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
