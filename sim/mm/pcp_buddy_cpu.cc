// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_buddy_cpu.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/mm/pcp_rules.h"

namespace gbsim {

namespace {

int pages(Order order) { return 1 << order.value; }

}  // namespace

Migratetype PcpBuddyCpu::list_type(Migratetype label) {
  return label < Migratetype::highatomic ? label : Migratetype::movable;
}

// Slots say order, list and whether the block is owned; positions say where on the list.
void PcpBuddyCpu::push(PageIndex block, Order order, Migratetype type, bool owned) {
  zone_.page_map().set_slot(block, Slot::pcp(order, type, owned));
  PcpBuddyList& to = list(order, type);
  const auto moved = [&](PageIndex other, std::uint32_t position) { buddy_.position(other) = position; };
  buddy_.position(block) = to.blocks.add_head(block, moved);
  ++to.fresh;
}

void PcpBuddyCpu::append(PageIndex block, Order order, Migratetype type) {
  const auto moved = [&](PageIndex other, std::uint32_t position) { buddy_.position(other) = position; };
  buddy_.position(block) = list(order, type).blocks.add_tail(block, moved);
}

void PcpBuddyCpu::remove(PageIndex block, Order order, Migratetype type) {
  list(order, type).blocks.remove(buddy_.position(block), block);
  zone_.page_map().set_slot(block, Slot{});
}

Maybe<Pfn> PcpBuddyCpu::take(Order order, Migratetype type) {
  absorb_remote();
  Order found = order;
  while (found <= buddy_.pageblock() && list(found, type).blocks.empty()) {
    ++found;
  }
  if (found > buddy_.pageblock()) {
    return std::nullopt;
  }
  PcpBuddyList& from = list(found, type);
  const PageIndex block = from.blocks.head();
  const bool whole = found == buddy_.pageblock() && order < found;
  const bool owned = zone_.page_map().slot(block).is_owned() || whole;
  from.fresh -= from.fresh > 0 ? 1 : 0;
  remove(block, found, type);
  if (whole) {
    buddy_.own(block_of(block), cpu_);
  }
  for (; found > order; ++buddy_.counts().splits) {
    --found;
    push(block + (1U << found.value), found, type, owned);
    charge(WorkKind::pcp_buddy_step);
  }
  pcp_.count -= pages(order);
  return zone_.pfn(block);
}

void PcpBuddyCpu::free(Pfn pfn, Order order, Migratetype type) {
  const PageIndex block = zone_.page(pfn);
  const auto owner = buddy_.owner(block_of(block));
  if (owner && *owner != cpu_) {
    return free_remote(block, order, *owner);
  }
  ++(owner ? buddy_.counts().frees_owned : buddy_.counts().frees_unowned);
  pcp_.alloc_factor >>= 1;
  push(block, order, list_type(type), owner.has_value());
  pcp_.count += pages(order);
  charge(WorkKind::pcp_free);
  const int excess = pages_to_drain(zone_, pcp_, order);
  if (excess != kKeepAll) {
    drain(excess);
    note_drained(zone_);
  }
}

void PcpBuddyCpu::free_remote(PageIndex block, Order order, CpuId owner) {
  PcpBuddyLists& to = buddy_.of(owner);
  const std::uint64_t batches = memory_.tunables().pcpbuddy_remote_batches;
  if (batches != 0 && to.remote_pages >= batches * static_cast<unsigned>(pcp_.batch)) {
    ++buddy_.counts().frees_refused;
    zone_.free_one(zone_.pfn(block), order);
    memory_.charge_zone_lock();
    return charge(WorkKind::buddy_free);
  }
  ++buddy_.counts().frees_remote;
  zone_.page_map().set_slot(block, Slot::pcp(order, list_type(zone_.pageblock(zone_.pfn(block)).type), false));
  to.remote.push_back(block);
  to.remote_pages += order.pages().value;
  charge(WorkKind::pcp_remote_free);
}

void PcpBuddyCpu::absorb_remote() {
  PcpBuddyLists& own = buddy_.of(cpu_);
  if (own.remote.empty()) {
    return;
  }
  for (const PageIndex block : std::exchange(own.remote, {})) {
    const Order order = zone_.page_map().slot(block).order();
    push(block, order, list_type(zone_.pageblock(zone_.pfn(block)).type), true);
    charge(WorkKind::pcp_buddy_step);
  }
  pcp_.count += static_cast<int>(own.remote_pages);
  own.remote_pages = 0;
}

bool PcpBuddyCpu::is_owned_block(PageIndex block, Order order) const {
  const Slot slot = zone_.page_map().slot(block);
  return slot.kind() == Slot::Kind::pcp && slot.is_owned() && slot.order() == order;
}

void PcpBuddyCpu::merge_pair(PageIndex block, Order order) {
  const PageIndex other = block ^ (1U << order.value);
  const PageIndex parent = std::min(block, other);
  remove(block, order, zone_.page_map().slot(block).type());
  remove(other, order, zone_.page_map().slot(other).type());
  push(parent, order.next(), list_type(zone_.pageblock(zone_.pfn(parent)).type), true);
  ++buddy_.counts().merges;
  charge(WorkKind::pcp_buddy_step);
}

void PcpBuddyCpu::merge_fresh(Order order, Migratetype type) {
  PcpBuddyList& from = list(order, type);
  std::vector<PageIndex> fresh;
  std::uint32_t left = std::min(std::exchange(from.fresh, 0), from.blocks.size());
  from.blocks.for_each([&](PageIndex block) {
    if (left > 0) {
      fresh.push_back(block);
    }
    return left-- > 1;
  });
  for (const PageIndex block : fresh) {
    if (is_owned_block(block, order) && is_owned_block(block ^ (1U << order.value), order)) {
      merge_pair(block, order);
    }
  }
}

void PcpBuddyCpu::merge() {
  for (Order order{0}; order < buddy_.pageblock(); ++order) {
    for (std::size_t type = 0; type < kNrPcpTypes; ++type) {
      merge_fresh(order, static_cast<Migratetype>(type));
    }
  }
}

void PcpBuddyCpu::give_back(PageIndex block, Order order) {
  const Pfn pfn = zone_.pfn(block);
  const Migratetype label = zone_.pageblock(pfn).type;
  zone_.free_block(pfn, order, label);
  buddy_.note_recoverable(block_of(block), cpu_);
  if (zone_.trace() != nullptr) {
    zone_.trace()->pcpu_drain(pfn, order, label);
  }
  pcp_.count -= pages(order);
  PcpBuddyCounts& counts = buddy_.counts();
  ++counts.drained_blocks;
  counts.drained_pages += order.pages().value;
  charge(WorkKind::buddy_free);
}

void PcpBuddyCpu::drain(int count) {
  absorb_remote();
  merge();
  if (count <= 0 || pcp_.count == 0) {
    return;
  }
  ++buddy_.counts().drains;
  memory_.charge_zone_lock();
  constexpr std::array kTypes{Migratetype::movable, Migratetype::reclaimable, Migratetype::unmovable};
  for (unsigned value = buddy_.pageblock().value + 1U; value-- > 0;) {
    for (const Migratetype type : kTypes) {
      count = drain_list(Order{value}, type, count);
    }
  }
}

int PcpBuddyCpu::drain_list(Order order, Migratetype type, int count) {
  const FreeList& blocks = list(order, type).blocks;
  for (; count > 0 && !blocks.empty(); count -= pages(order)) {
    const PageIndex block = blocks.tail();
    remove(block, order, type);
    give_back(block, order);
  }
  return count;
}

void PcpBuddyCpu::drain_all() {
  absorb_remote();
  drain(pcp_.count);
}

void PcpBuddyCpu::tick() {
  absorb_remote();
  const int excess = decayed_excess(zone_, pcp_);
  if (excess > 0) {
    drain(excess);
  }
}

NrPages PcpBuddyCpu::room() const {
  const int limit = zone_.rules().pcp_tunes_high ? std::max(pcp_.high, pcp_.high_max) : pcp_.high;
  return NrPages{static_cast<std::uint64_t>(std::max(limit - pcp_.count, 0))};
}

void PcpBuddyCpu::add(Pfn pfn, Order order, Migratetype type, bool owned) {
  const PageIndex block = zone_.page(pfn);
  zone_.page_map().set_slot(block, Slot::pcp(order, type, owned));
  append(block, order, type);
  pcp_.count += pages(order);
}

NrPages PcpBuddyCpu::gather(std::size_t block, Migratetype type) {
  const Pfn first = zone_.pageblock_start(block);
  NrPages got;
  for (Pfn at = first; at < first + buddy_.pageblock().pages();) {
    const PageView view = zone_.view(at);
    const bool free = view.kind == PageKind::free_head;
    if (free && view.list == type) {
      zone_.take_block(at, view.order, view.order, type);
      zone_.settle_taken(view.order, type);
      add(at, view.order, type, true);
      charge(WorkKind::buddy_alloc);
      got += view.order.pages();
    }
    at += free ? view.order.pages() : NrPages{1};
  }
  return got;
}

void PcpBuddyCpu::raise_high() {
  if (zone_.rules().pcp_tunes_high) {
    pcp_.high = bounded_high(pcp_, std::max(pcp_.high, pcp_.count + pcp_.batch));
  }
}

}  // namespace gbsim
