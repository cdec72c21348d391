// SPDX-License-Identifier: GPL-2.0-or-later
// The buddy system of one zone: joining, leaving, splitting and merging, in the exact order of Linux's lists.
#include "sim/mm/zone.h"

namespace gbsim {

namespace {

GigablockId gigablock_at(std::size_t area) { return GigablockId{area}; }

}  // namespace

// Counters of free pages are their callers' part: a block that merges or splits changes none of them.
[[gnu::always_inline]] inline void Zone::link(PageIndex block, Order order, Migratetype type, bool to_tail) {
  const std::size_t at = area_of(block);
  FreeArea& area = areas_[at];
  FreeList& list = area.list(order, type);
  const auto moved = [&](PageIndex other, std::uint32_t position) {
    map_.set_slot(other, Slot::free_head(type, position));
  };
  const std::uint32_t position = to_tail ? list.add_tail(block, moved) : list.add_head(block, moved);
  map_.set_slot(block, Slot::free_head(type, position));
  map_.set_free_block(block, order);
  area.note(order, type);
  if (gigablocks_) {
    gigablocks_->list_changed(gigablock_at(at), order, type, true, area.orders(type));
  }
}

[[gnu::always_inline]] inline Migratetype Zone::unlink(PageIndex block, Order order) {
  const Slot slot = map_.slot(block);
  const Migratetype type = slot.list();
  const std::size_t at = area_of(block);
  FreeArea& area = areas_[at];
  area.list(order, type).remove(slot.position(), block);
  area.note(order, type);
  map_.set_slot(block, Slot{});
  map_.clear_free_block(block, order);
  if (gigablocks_) {
    gigablocks_->list_changed(gigablock_at(at), order, type, false, area.orders(type));
  }
  return type;
}

[[gnu::always_inline]] inline void Zone::count_free_pages(PageIndex block, Order order, bool joins) {
  change_counts(pfn(block), order, [&](Pageblock& changed, int pages) {
    Pageblock::add(changed.free, joins ? pages : -pages);
  });
}

// Searches by compaction turn a list so that the next one looks at other blocks first.
void Zone::turn_list(Pfn head, Order order, ListEnd end) {
  const PageIndex block = page(head);
  const Migratetype type = map_.slot(block).list();
  FreeList& list = areas_[area_of(block)].list(order, type);
  const auto moved = [&](PageIndex other, std::uint32_t position) {
    map_.set_slot(other, Slot::free_head(type, position));
  };
  const bool to_front = end == ListEnd::head;
  while ((to_front ? list.head() : list.tail()) != block) {
    const PageIndex other = to_front ? list.tail() : list.head();
    list.remove(map_.slot(other).position(), other);
    moved(other, to_front ? list.add_head(other, moved) : list.add_tail(other, moved));
  }
}

bool Zone::may_merge(PageIndex buddy, Order order, Migratetype type) const {
  if (order < spec_.orders.pageblock) {
    return true;
  }
  const Migratetype other = blocks_[buddy >> spec_.orders.pageblock.value].type;
  return other == type || (is_mergeable(other) && is_mergeable(type));
}

/** The block would merge on soon: worth keeping for last (buddy_merge_likely). */
bool Zone::buddy_merge_likely(PageIndex block, Order order) const {
  if (order.value + 1U >= spec_.orders.max.value) {
    return false;
  }
  const PageIndex parent = block & ~(1U << order.value);
  return map_.is_free_block(parent ^ (2U << order.value), order.next());
}

void Zone::free_block(Pfn head, Order order, Migratetype type, FreeFlags flags) {
  account_free(static_cast<std::int64_t>(order.pages().value), type);
  PageIndex block = page(head);
  count_free_pages(block, order, true);
  while (order < spec_.orders.max) {
    const PageIndex buddy = block ^ (1U << order.value);
    if (!map_.is_free_block(buddy, order) || !may_merge(buddy, order, type)) {
      break;
    }
    unlink(buddy, order);
    if (rules_->merge_retypes && order >= spec_.orders.pageblock) {
      set_block_type(pfn(buddy), order, type);
    }
    block &= ~(1U << order.value);
    ++order;
  }
  if (pcp_buddy_ && order >= spec_.orders.pageblock) {
    release_pageblocks(block, order);
  }
  const bool asked = (static_cast<unsigned>(flags) & static_cast<unsigned>(FreeFlags::to_tail)) != 0;
  link(block, order, type, asked || buddy_merge_likely(block, order));
}

// Pageblocks that are whole on the free lists have no owner.
void Zone::release_pageblocks(PageIndex block, Order order) {
  const std::size_t first = block >> spec_.orders.pageblock.value;
  for (std::size_t i = 0; i < std::size_t{1} << (order.value - spec_.orders.pageblock.value); ++i) {
    pcp_buddy_->release(first + i);
  }
}

void Zone::free_one(Pfn head, Order order, FreeFlags flags) {
  if (order <= spec_.orders.pageblock) {
    return free_block(head, order, pageblock(head).type, flags);
  }
  const Order each = rules_->frees_by_pageblock ? std::min(order, spec_.orders.pageblock) : order;
  const Pfn until = head + order.pages();
  for (; head < until; head += each.pages()) {
    free_block(head, each, pageblock(head).type, flags);
  }
}

void Zone::free_boot_block(Pfn head, Order order) {
  managed_ += order.pages();
  free_one(head, order, FreeFlags::to_tail);
}

std::int64_t Zone::expand(PageIndex block, Order found, Order want, Migratetype type) {
  std::int64_t added = 0;
  while (found > want) {
    --found;
    const PageIndex half = block + (1U << found.value);
    link(half, found, type, false);
    added += std::int64_t{1} << found.value;
  }
  return added;
}

void Zone::take_block(Pfn head, Order found, Order want, Migratetype type) {
  unlink(page(head), found);
  count_free_pages(page(head), want, false);
  const std::int64_t added = expand(page(head), found, want, type);
  if (rules_->accounts_each_take) {
    account_free(added - (std::int64_t{1} << found.value), type);
  }
}

void Zone::claim_block(Pfn head, Order found, Order want, Migratetype to) {
  const Migratetype from = unlink(page(head), found);
  count_free_pages(page(head), want, false);
  set_block_type(head, found, to);
  if (rules_->accounts_each_take) {
    account_free(-(std::int64_t{1} << found.value), from);
  }
  const std::int64_t added = expand(page(head), found, want, to);
  if (rules_->accounts_each_take) {
    account_free(added, to);
  }
}

void Zone::move_free_block(Pfn head, Order order, Migratetype to) {
  const Migratetype from = unlink(page(head), order);
  link(page(head), order, to, true);
  if (rules_->accounts_each_take) {
    const auto pages = static_cast<std::int64_t>(order.pages().value);
    account_free(-pages, from);
    account_free(pages, to);
  }
}

unsigned Zone::move_freepages(Pfn inside, Migratetype to) {
  const Pfn first = inside.align_down(spec_.orders.pageblock);
  const Pfn until = first + spec_.orders.pageblock.pages();
  unsigned moved = 0;
  for (Pfn at = contains(first) ? first : inside; at < until;) {
    const PageIndex block = page(at);
    if (!map_.slot(block).is_free()) {
      at += NrPages{1};
      continue;
    }
    const Order order = map_.order_of_free(block);
    move_free_block(at, order, to);
    ++moved;
    at += order.pages();
  }
  return moved;
}

void Zone::set_block_type(Pfn head, Order order, Migratetype type) {
  const Pfn until = head + order.pages();
  for (; head < until; head += spec_.orders.pageblock.pages()) {
    set_pageblock_type(head, type);
  }
}

bool Zone::isolate_free_block(Pfn head, Order order) {
  const Migratetype type = pageblock(head).type;
  const NrPages mark = NrPages{marks_.mark[0]} + order.pages();
  if (type != Migratetype::isolate &&
      !watermark_ok(Order{0}, mark, ZoneType::dma, AllocFlags{Watermark::min, AllocFlags::cma})) {
    return false;
  }
  unlink(page(head), order);
  count_free_pages(page(head), order, false);
  account_free(-static_cast<std::int64_t>(order.pages().value), type);
  if (order.value + 1U >= spec_.orders.pageblock.value) {
    make_movable(head, order);
  }
  set_raw(head, order, Migratetype::movable, false);
  return true;
}

void Zone::make_movable(Pfn head, Order order) {
  const Pfn until = head + order.pages();
  for (; head < until; head += spec_.orders.pageblock.pages()) {
    if (!is_mergeable(pageblock(head).type) || (is_confined() && head < boundary_)) {
      continue;
    }
    if (!rules_->isolation_moves_freelists) {
      set_pageblock_type(head, Migratetype::movable);
    } else if (spans_pageblock(head)) {
      move_freepages(head, Migratetype::movable);
      set_pageblock_type(head, Migratetype::movable);
    }
  }
}

void Zone::putback_raw(Pfn head, Order order) {
  clear_raw(head, order);
  free_block(head, order, pageblock(head).type, FreeFlags::to_tail);
}

}  // namespace gbsim
