// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_pages.h"

#include <algorithm>

namespace gbsim {

namespace {

/** The head next below @pfn, or @pfn. Blocks are aligned: if any holds @pfn, this one does. */
Maybe<Pfn> block_head(const Zone& zone, Pfn pfn) {
  for (Order order{0}; order <= zone.orders().max; ++order) {
    const Pfn head = pfn.align_down(order);
    if (!zone.contains(head)) {
      return std::nullopt;
    }
    if (zone.slot(head).kind() != Slot::Kind::none) {
      return head;
    }
  }
  return std::nullopt;
}

/** The block of that kind that @pfn lies in, if one that is at most as large as the zone's largest. */
Maybe<Pfn> head_of_kind(const Zone& zone, Pfn pfn, Slot::Kind kind) {
  const auto head = block_head(zone, pfn);
  const bool holds = head && zone.slot(*head).kind() == kind && pfn < *head + zone.slot(*head).order().pages();
  return holds ? head : std::nullopt;
}

/** No allocated block reaches from outside into the aligned block, so that its pages can be relabelled alone. */
void cut_out(Zone& zone, Pfn head, Order order) {
  const auto outer = head_of_kind(zone, head, Slot::Kind::raw);
  if (outer && zone.slot(*outer).order() > order) {
    zone.split_raw(*outer, zone.slot(*outer).order(), order);
  }
}

/** Returns the parts of a free block outside of [from, until) to the lists it was on. */
void give_back_around(Zone& zone, const RecordedPages::FreeBlock& block, Pfn from, Pfn until) {
  const Pfn end = block.head + block.order.pages();
  for (Pfn at = block.head; at < end;) {
    if (at >= from && at < until) {
      at = until;
      continue;
    }
    Order order{0};
    while (at.is_aligned(order.next()) && order < block.order &&
           (at + order.next().pages() <= from || at >= until) && at + order.next().pages() <= end) {
      ++order;
    }
    zone.free_block(at, order, block.list);
    at += order.pages();
  }
}

/** @visit(pcp, ring) for the lists of blocks of @order, all CPUs', until it returns true; whether it did. */
template <class Visit>
bool any_ring(Zone& zone, Order order, Visit&& visit) {
  for (std::size_t i = 0; i < zone.nr_cpus() * kNrPcpLists; ++i) {
    PcpLists& pcp = zone.pcp(CpuId{i / kNrPcpLists});
    const std::size_t list = i % kNrPcpLists;
    if (pcp_order(list, zone.orders().pageblock) == order && visit(pcp, pcp.lists[list])) {
      return true;
    }
  }
  return false;
}

/** Takes @block of @order off the per-CPU list that has it: mostly a head, else lists are long. */
void drop_from_pcps(Zone& zone, PageIndex block, Order order) {
  const auto drop = [&](PcpLists& pcp, PcpRing& ring) {
    const bool dropped = ring.remove(block);
    pcp.count -= dropped ? 1 << order.value : 0;
    return dropped;
  };
  const auto drop_head = [&](PcpLists& pcp, PcpRing& ring) {
    return !ring.empty() && ring.head() == block && drop(pcp, ring);
  };
  if (!any_ring(zone, order, drop_head)) {
    any_ring(zone, order, drop);
  }
}

}  // namespace

std::optional<RecordedPages::FreeBlock> RecordedPages::free_block_at(const Zone& zone, Pfn pfn) {
  const auto head = block_head(zone, pfn);
  if (!head || !zone.slot(*head).is_free()) {
    return std::nullopt;
  }
  const Order order = zone.page_map().order_of_free(zone.page(*head));
  return pfn < *head + order.pages() ? std::optional{FreeBlock{*head, order, zone.slot(*head).list()}} : std::nullopt;
}

void RecordedPages::take_off(Zone& zone, const FreeBlock& block) {
  zone.take_block(block.head, block.order, block.order, block.list);
  zone.settle_taken(block.order, block.list);
}

Maybe<Pfn> RecordedPages::allocated_block_at(const Zone& zone, Pfn pfn) {
  return head_of_kind(zone, pfn, Slot::Kind::raw);
}

bool RecordedPages::any_free(const Zone& zone, Pfn head, Order order) {
  if (is_one_allocated(zone, head, order)) {
    return false;
  }
  if (free_block_at(zone, head)) {
    return true;
  }
  for (std::uint64_t i = 1; i < order.pages().value; ++i) {
    if (zone.slot(head + NrPages{i}).is_free()) {
      return true;
    }
  }
  return false;
}

bool RecordedPages::any_on_pcp(const Zone& zone, Pfn head, Order order) {
  if (is_one_allocated(zone, head, order)) {
    return false;
  }
  if (head_of_kind(zone, head, Slot::Kind::pcp)) {
    return true;
  }
  for (std::uint64_t i = 1; i < order.pages().value; ++i) {
    if (zone.slot(head + NrPages{i}).kind() == Slot::Kind::pcp) {
      return true;
    }
  }
  return false;
}

bool RecordedPages::leave_pcp(Zone& zone, Pfn head, Order order) {
  if (is_one_allocated(zone, head, order)) {
    return false;
  }
  bool any = false;
  const Pfn until = head + order.pages();
  // A block on a list either has the first page or begins within.
  for (Pfn at = head_of_kind(zone, head, Slot::Kind::pcp).value_or(head); at < until;) {
    const Slot slot = zone.slot(at);
    if (slot.kind() != Slot::Kind::pcp) {
      at += NrPages{1};
      continue;
    }
    any = true;
    drop_from_pcps(zone, zone.page(at), slot.order());
    zone.clear_slot(at);
    zone.set_raw(at, slot.order(), Migratetype::movable, false);
    at += slot.order().pages();
  }
  return any;
}

void RecordedPages::join_pcp(Zone& zone, const PcpPlace& place, Pfn head, Migratetype type) {
  const Order order = pcp_order(place.list, zone.orders().pageblock);
  PcpLists& pcp = zone.pcp(place.cpu);
  PcpRing& list = pcp.lists[place.list];
  zone.set_pcp(head, order, type);
  place.end == ListEnd::head ? list.push_head(zone.page(head)) : list.push_tail(zone.page(head));
  pcp.count += 1 << order.value;
}

Migratetype RecordedPages::type_on_pcp(const Zone& zone, std::size_t list, Pfn head) {
  const bool is_by_type = pcp_order(list, zone.orders().pageblock) <= kCostlyOrder;
  return is_by_type ? static_cast<Migratetype>(list % kNrPcpTypes) : zone.pageblock(head).type;
}

void RecordedPages::unlabel(Zone& zone, Pfn head, Order order) {
  if (is_one_allocated(zone, head, order)) [[likely]] {
    return zone.clear_raw(head, order);
  }
  cut_out(zone, head, order);
  const Pfn until = head + order.pages();
  for (Pfn at = head; at < until;) {
    const Slot slot = zone.slot(at);
    if (slot.kind() != Slot::Kind::raw) {
      at += NrPages{1};
      continue;
    }
    zone.clear_raw(at, slot.order());
    at += slot.order().pages();
  }
}

void RecordedPages::label(Zone& zone, Pfn head, Order order, Migratetype type, bool migratable) {
  if (zone.slot(head).bits() == Slot::raw(order, type, migratable).bits()) {
    return;
  }
  unlabel(zone, head, order);
  zone.set_raw(head, order, type, migratable);
}

unsigned RecordedPages::seize(Zone& zone, Pfn head, Order order, Migratetype type, bool migratable) {
  unsigned met = 0;
  const Pfn until = head + order.pages();
  for (Pfn at = head; at < until;) {
    const auto block = free_block_at(zone, at);
    if (!block) {
      at += NrPages{1};
      continue;
    }
    take_off(zone, *block);
    // Neighbours must not merge with what is being taken: its pages are labelled first.
    const Pfn from = std::max(block->head, head);
    const Pfn end = std::min(block->head + block->order.pages(), until);
    for (Pfn page = from; page < end; page += NrPages{1}) {
      zone.set_raw(page, Order{0}, type, migratable);
    }
    give_back_around(zone, *block, from, end);
    ++met;
    at = end;
  }
  label(zone, head, order, type, migratable);
  return met;
}

}  // namespace gbsim
