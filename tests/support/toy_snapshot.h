// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "sim/mm/pcp.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/trace_event.h"

namespace gbsim::test {

/** One zone of @pageblocks pageblocks of 8 pages from pfn 1024 on, of which nothing is free. */
inline KernelSnapshot toy_snapshot(std::string_view types, unsigned cpus = 2) {
  ZoneImage zone;
  zone.type = ZoneType::dma32;
  zone.start = Pfn{1024};
  zone.spanned = zone.present = zone.managed = NrPages{types.size() * 8};
  zone.orders = ZoneOrders{Order{4}, Order{3}, Order{6}};
  for (const char letter : types) {
    zone.pageblocks.push_back(letter == 'U'   ? Migratetype::unmovable
                              : letter == 'R' ? Migratetype::reclaimable
                                              : Migratetype::movable);
  }
  zone.pcps.resize(cpus);
  for (PcpImage& pcp : zone.pcps) {
    pcp.lists.resize(kNrPcpLists);
  }
  KernelSnapshot snapshot;
  snapshot.label = "start";
  snapshot.zones.push_back(zone);
  return snapshot;
}

/** Page @offset of a toy snapshot. */
inline Pfn toy_page(std::uint64_t offset) { return Pfn{1024 + offset}; }

inline void add_free(KernelSnapshot& snapshot, unsigned order, Migratetype type,
                     const std::vector<std::uint64_t>& offsets) {
  for (const std::uint64_t offset : offsets) {
    snapshot.zones[0].free[order][index(type)].push_back(toy_page(offset));
  }
}

/** An event of CPU @cpu about a block of a toy snapshot. */
inline TraceEvent toy_event(EventKind kind, std::uint64_t offset, unsigned order, Migratetype type, unsigned cpu = 0) {
  TraceEvent event;
  event.kind = kind;
  event.pfn = toy_page(offset);
  event.order = Order{order};
  event.type = type;
  event.cpu = static_cast<std::uint16_t>(cpu);
  return event;
}

/** A fallback: a request of @order and @type got the page at @offset from a block of @from_order on @from's list. */
inline TraceEvent toy_fallback(std::uint64_t offset, unsigned order, Migratetype type, unsigned from_order,
                               Migratetype from, bool owned) {
  TraceEvent event = toy_event(EventKind::extfrag, offset, order, type);
  event.fallback_order = Order{from_order};
  event.fallback_type = from;
  event.flag = owned;
  return event;
}

}  // namespace gbsim::test
