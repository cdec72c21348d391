// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/steered_refill.h"

#include <ranges>

#include "sim/placement/fallback.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

/** The pageblock of @block, or all that a free block there covers, with the free pages in them. */
void retype(Zone& zone, Pfn block, Migratetype to) {
  const auto home = RecordedPages::free_block_at(zone, block);
  if (!home || home->order < zone.orders().pageblock) {
    zone.move_freepages(block, to);
    return zone.set_pageblock_type(block, to);
  }
  zone.set_block_type(home->head, home->order, to);
  if (home->list != to) {
    zone.move_free_block(home->head, home->order, to);
  }
}

PcpKey key_of_list(std::size_t list, Order pageblock) {
  const Order order = pcp_order(list, pageblock);
  if (order > kCostlyOrder) {
    return {order, list == pcp_list(order, Migratetype::movable) ? Migratetype::movable : Migratetype::unmovable};
  }
  return {order, static_cast<Migratetype>(list % kNrPcpTypes)};
}

bool has_page_of(const Zone& zone, const PcpRing& list, Order list_order, Pfn head, Order order) {
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Pfn block = zone.pfn(list.from_head(i));
    if (block < head + order.pages() && head < block + list_order.pages()) {
      return true;
    }
  }
  return false;
}

/** @block and those behind it on its list, @most. */
std::vector<Pfn> list_from(const Zone& zone, const RecordedPages::FreeBlock& block, std::size_t most) {
  std::vector<Pfn> heads;
  zone.for_each_free(block.order, block.list, [&](Pfn head) {
    if (!heads.empty() || head == block.head) {
      heads.push_back(head);
    }
    return heads.size() < most;
  });
  return heads;
}

}  // namespace

void append_to_pcp(Zone& zone, CpuId cpu, Pfn pfn, PcpKey key) {
  RecordedPages::join_pcp(zone, {cpu, pcp_list(key.order, key.type)}, pfn, key.type);
}

void return_list(Zone& zone, CpuId cpu, PcpKey key) {
  PcpLists& pcp = zone.pcp(cpu);
  PcpRing& list = pcp.lists[pcp_list(key.order, key.type)];
  zone.run_on(cpu);
  while (!list.empty()) {
    const Pfn pfn = zone.pfn(list.pop_tail());
    pcp.count -= 1 << key.order.value;
    zone.clear_slot(pfn);
    zone.free_one(pfn, key.order);
  }
}

unsigned return_lists_with(Zone& zone, Pfn head, Order order) {
  unsigned returned = 0;
  for (std::size_t i = 0; i < zone.nr_cpus() * kNrPcpLists; ++i) {
    const CpuId cpu{i / kNrPcpLists};
    const std::size_t list = i % kNrPcpLists;
    const PcpKey key = key_of_list(list, zone.orders().pageblock);
    if (has_page_of(zone, zone.pcp(cpu).lists[list], key.order, head, order)) {
      return_list(zone, cpu, key);
      ++returned;
    }
  }
  return returned;
}

void return_claims(Zone& zone, std::span<const ExtfragEvent> fallbacks, Pfn kept) {
  const Order pageblock = zone.orders().pageblock;
  for (const ExtfragEvent& fallback : std::views::reverse(fallbacks)) {
    const bool is_claim = fallback.owned && fallback.fallback != fallback.type && zone.contains(fallback.pfn) &&
                          zone.pageblock(fallback.pfn).type == fallback.type;
    if (is_claim && kept.align_down(pageblock) != fallback.pfn.align_down(pageblock)) {
      retype(zone, fallback.pfn, fallback.fallback);
    }
  }
}

bool claim_for(Zone& zone, Pfn page, Migratetype type) {
  const auto home = RecordedPages::free_block_at(zone, page);
  if (!home || home->list == type || !is_mergeable(home->list) || !is_mergeable(type)) {
    return false;
  }
  const bool is_whole = home->order >= zone.orders().pageblock;
  const bool may_claim = type != Migratetype::movable || home->order > kCostlyOrder;
  if (!is_whole &&
      (!may_claim || !may_move_pageblock(zone, home->head) || !mostly_compatible(zone, home->head, type))) {
    return false;
  }
  retype(zone, home->head, type);
  return true;
}

std::vector<Pfn> refill_path(Zone& zone, Pfn first, PcpKey key, std::size_t most) {
  const auto home = RecordedPages::free_block_at(zone, first);
  std::vector<Pfn> path;
  if (!home || home->order < key.order) {
    return path;
  }
  if (home->list == key.type) {
    zone.turn_list(home->head, home->order, ListEnd::head);
  }
  for (const Pfn source : list_from(zone, *home, most + 1)) {
    const Pfn end = source + home->order.pages();
    for (Pfn at = source == home->head ? first + key.order.pages() : source; at < end; at += key.order.pages()) {
      path.push_back(at);
    }
  }
  path.resize(std::min(path.size(), most));
  return path;
}

void refill_along(Zone& zone, CpuId cpu, PcpKey key, std::span<const Pfn> path) {
  zone.run_on(cpu);
  for (const Pfn pfn : path) {
    RecordedPages::seize(zone, pfn, key.order, key.type, false);
    zone.clear_raw(pfn, key.order);
    append_to_pcp(zone, cpu, pfn, key);
  }
}

}  // namespace gbsim
