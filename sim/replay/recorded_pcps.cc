// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_pcps.h"

namespace gbsim {

RecordedPcps::RecordedPcps(Memory& followed, const Memory& start) : pages_(followed) {
  for (std::size_t i = 0; i < start.nr_zones(); ++i) {
    const Zone& zone = start.zone(i);
    zones_.push_back({LazyArray<std::uint32_t>(zone.page_map().size()),
                      std::vector<PcpRing>(zone.nr_cpus() * kNrPcpLists)});
    for (std::size_t at = 0; at < zones_[i].lists.size(); ++at) {
      load(zone, zone.pcp(CpuId{at / kNrPcpLists}).lists[at % kNrPcpLists], zones_[i].lists[at]);
    }
  }
}

void RecordedPcps::load(const Zone& zone, const PcpRing& ring, PcpRing& list) {
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    list.push_tail(ring.from_head(i));
    note_home(zone, ring.from_head(i), list);
  }
}

PcpRing& RecordedPcps::list_of(const Zone& zone, const TraceEvent& event, Migratetype type) {
  const std::size_t cpu = event.cpu % zone.nr_cpus();
  return zones_[zone.index()].lists[cpu * kNrPcpLists + pcp_list(event.order, type)];
}

void RecordedPcps::note_home(const Zone& zone, PageIndex block, const PcpRing& list) {
  ZoneLists& all = zones_[zone.index()];
  all.home[block] = static_cast<std::uint32_t>(1 + (&list - all.lists.data()));
}

void RecordedPcps::feed(const TraceEvent& event, const TraceEvent* next) {
  const bool moves = event.kind == EventKind::migrate;
  const Zone* zone = event.has_pfn ? pages_.zone_of(moves ? event.to : event.pfn, event.order) : nullptr;
  if (zone == nullptr || !zone->caches_per_cpu(event.order)) {
    return;
  }
  switch (event.kind) {
    case EventKind::zone_locked:
    case EventKind::extfrag:
      return refill(*zone, event);
    case EventKind::alloc:
      return event.announced ? alloc(*zone, event, next) : void();
    case EventKind::free:
      return free(*zone, event);
    case EventKind::pcpu_drain:
    case EventKind::buddy_free:
      return drain(*zone, event.pfn);
    case EventKind::migrate:
      return drain(*zone, event.to);
    default:
      return;
  }
}

/** A fallback of 6.1, and one that a removal announced, names a block that is not what the refill brings. */
void RecordedPcps::refill(const Zone& zone, const TraceEvent& event) {
  const PageIndex block = zone.page(event.pfn);
  const bool is_mere_notice = event.kind == EventKind::extfrag && !zone.rules().fallback_takes_page;
  if (is_mere_notice || !is_mergeable(event.type) || zones_[zone.index()].home[block] != 0) {
    return;
  }
  PcpRing& list = list_of(zone, event, event.type);
  list.push_tail(block);
  note_home(zone, block, list);
}

/**
 * Blocks above the one that was taken went to calls that no event shows; but a call that was interrupted after it took
 * its block shows right after the interrupt's, which took the next.
 */
void RecordedPcps::alloc(const Zone& zone, const TraceEvent& event, const TraceEvent* next) {
  ZoneLists& all = zones_[zone.index()];
  const PageIndex block = zone.page(event.pfn);
  if (all.home[block] == 0) {
    return;
  }
  PcpRing& list = all.lists[all.home[block] - 1U];
  const bool interrupted = next != nullptr && next->kind == EventKind::alloc && next->pfn != event.pfn;
  const Pfn shows_next = interrupted ? next->pfn : event.pfn;
  bool is_still_to_come = false;
  while (list.head() != block) {
    is_still_to_come = is_still_to_come || zone.pfn(list.head()) == shows_next;
    all.home[list.head()] = 0;
    list.pop_head();
  }
  list.pop_head();
  all.home[block] = 0;
  if (is_still_to_come) {
    list.push_head(zone.page(shows_next));
    note_home(zone, zone.page(shows_next), list);
  }
}

void RecordedPcps::free(const Zone& zone, const TraceEvent& event) {
  drain(zone, event.pfn);
  const Migratetype type = zone.pageblock(event.pfn).type;
  if (type == Migratetype::isolate || RecordedPages::any_free(zone, event.pfn, event.order)) {
    return;
  }
  PcpRing& list = list_of(zone, event, is_mergeable(type) ? type : Migratetype::movable);
  list.push_head(zone.page(event.pfn));
  note_home(zone, zone.page(event.pfn), list);
}

/** Drains begin at the tail. */
void RecordedPcps::drain(const Zone& zone, Pfn pfn) {
  ZoneLists& all = zones_[zone.index()];
  const PageIndex block = zone.page(pfn);
  if (all.home[block] == 0) {
    return;
  }
  PcpRing& list = all.lists[all.home[block] - 1U];
  if (list.tail() == block) {
    list.pop_tail();
  } else {
    list.remove(block);
  }
  all.home[block] = 0;
}

void RecordedPcps::read_list(const Zone& zone, CpuId cpu, std::size_t list, std::vector<Pfn>& blocks) const {
  const Order order = pcp_order(list, zone.orders().pageblock);
  blocks.clear();
  const PcpRing& held = zones_[zone.index()].lists[cpu.value * kNrPcpLists + list];
  for (std::uint32_t i = 0; i < held.size(); ++i) {
    const Pfn head = zone.pfn(held.from_head(i));
    if (!RecordedPages::any_free(zone, head, order)) {
      blocks.push_back(head);
    }
  }
}

}  // namespace gbsim
