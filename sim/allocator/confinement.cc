// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/confinement.h"

#include <algorithm>

namespace gbsim {

namespace {

/** Blocks that one allocation may claim from movable memory. */
constexpr unsigned kGrowForRequest = 4;
/** Of a pageblock: movable pages that may stay behind when the boundary passes, because somebody uses them just now. */
constexpr unsigned kBusyShare = 8;

/** @visit(Pfn) over the pageblocks of a block of the largest order until it returns false; whether it never did. */
template <class Visit>
bool all_pageblocks(const Zone& zone, Pfn first, Visit&& visit) {
  const Pfn until = std::min(first + zone.orders().max.pages(), zone.end());
  bool all = true;
  for (Pfn at = first; all && at < until; at += zone.orders().pageblock.pages()) {
    all = visit(at);
  }
  return all;
}

std::uint64_t usable_pages(const Zone& zone, Pfn from, Pfn until) {
  std::uint64_t usable = 0;
  for (Pfn at = from; at < until; at += zone.orders().pageblock.pages()) {
    usable += zone.orders().pageblock.pages().value - zone.pageblock(at).reserved;
  }
  return usable;
}

}  // namespace

Confinement::Confinement(PageAllocator& allocator, Migration& migration)
    : memory_(allocator.memory()), evacuation_(allocator, migration, false), regions_(memory_.nr_zones()) {
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    const Zone& zone = memory_.zone(i);
    if (zone.is_confined()) {
      regions_[i].usable = usable_pages(zone, zone.pageblock_start(0), std::min(zone.boundary(), zone.end()));
    }
  }
}

Confinement::Wish Confinement::wish(const Zone& zone) {
  if (!zone.is_confined()) {
    return Wish::stay;
  }
  const Tunables& tunables = memory_.tunables();
  Region& region = regions_[zone.index()];
  const auto free = static_cast<double>(zone.free_confined().value);
  const auto usable = static_cast<double>(region.usable);
  const double goal = (tunables.confined_low + std::max(tunables.confined_low, tunables.confined_high)) / 2;
  region.growing = free < usable * (region.growing ? goal : tunables.confined_low);
  if (region.growing) {
    return Wish::grow;
  }
  const double spare = free - static_cast<double>(zone.orders().max.pages().value);
  return spare > usable * tunables.confined_high ? Wish::shrink : Wish::stay;
}

bool Confinement::step(CpuId cpu) {
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    Zone& zone = memory_.zone(i);
    const Wish wanted = wish(zone);
    if ((wanted == Wish::grow && grow(zone, cpu)) || (wanted == Wish::shrink && shrink(zone, cpu))) {
      return true;
    }
  }
  return false;
}

bool Confinement::make_room(const PageRequest& request) {
  const Migratetype type = request.gfp.migratetype();
  if (type == Migratetype::movable) {
    return false;
  }
  for (Zone* zone : memory_.zonelist(request.node, highest_zone(request.gfp))) {
    if (zone->is_confined() && make_room_in(*zone, request)) {
      ++stats_.grown_for_request;
      return true;
    }
  }
  return false;
}

bool Confinement::make_room_in(Zone& zone, const PageRequest& request) {
  for (unsigned i = 0; i < kGrowForRequest && grow(zone, request.cpu); ++i) {
    if (zone.smallest_free(request.order, Migratetype::unmovable)) {
      return true;
    }
  }
  return false;
}

bool Confinement::may_grow_over(const Zone& zone, Pfn first) const {
  return first + zone.orders().max.pages() <= zone.end() && all_pageblocks(zone, first, [&](Pfn at) {
           return zone.pageblock(at).type == Migratetype::movable && zone.pageblock(at).reserved == 0;
         });
}

bool Confinement::emptied(const Zone& zone, Pfn pageblock) const {
  const Pageblock& block = zone.pageblock(pageblock);
  const unsigned pages = static_cast<unsigned>(zone.orders().pageblock.pages().value);
  return block.migratable <= block.pinned + pages / kBusyShare && block.pinned < pages;
}

bool Confinement::evacuate(Zone& zone, Pfn first, CpuId cpu) {
  memory_.drain_all_pcp();
  relabel(zone, first, Migratetype::isolate, cpu);
  const std::uint64_t before = evacuation_.pages_migrated();
  evacuation_.clear_out(zone, first, first + zone.orders().max.pages(), cpu);
  stats_.pages_migrated += evacuation_.pages_migrated() - before;
  return all_pageblocks(zone, first, [&](Pfn at) { return emptied(zone, at); });
}

void Confinement::relabel(Zone& zone, Pfn first, Migratetype to, CpuId cpu) const {
  zone.run_on(cpu);
  all_pageblocks(zone, first, [&](Pfn at) {
    retype_pageblock(zone, at, to);
    memory_.meter().charge(WorkKind::move_freepages);
    return true;
  });
}

// What is pinned stays where it is: the boundary passes over it, as it would over any kernel page.
bool Confinement::grow(Zone& zone, CpuId cpu) {
  const Pfn first = zone.boundary();
  if (!may_grow_over(zone, first)) {
    ++stats_.stuck;
    return false;
  }
  if (!evacuate(zone, first, cpu)) {
    relabel(zone, first, Migratetype::movable, cpu);
    ++stats_.stuck;
    return false;
  }
  relabel(zone, first, Migratetype::unmovable, cpu);
  zone.set_boundary(first + zone.orders().max.pages());
  const std::uint64_t pages = usable_pages(zone, first, zone.boundary());
  regions_[zone.index()].usable += pages;
  stats_.pages_grown += pages;
  return true;
}

bool Confinement::may_give_back(const Zone& zone, Pfn first) const {
  return first >= zone.start() && first > zone.pageblock_start(0) && all_pageblocks(zone, first, [&](Pfn at) {
           const Pageblock& block = zone.pageblock(at);
           return block.allocated() == block.migratable && block.pinned == 0 && block.reserved == 0 &&
                  is_mergeable(block.type);
         });
}

bool Confinement::shrink(Zone& zone, CpuId cpu) {
  const Pfn first = zone.boundary() - zone.orders().max.pages();
  if (!may_give_back(zone, first)) {
    ++stats_.stuck;
    return false;
  }
  memory_.drain_all_pcp();
  const std::uint64_t before = evacuation_.pages_migrated();
  const bool empty = all_pageblocks(zone, first, [&](Pfn at) {
    return !evacuation_.empty_pageblock(zone, at, zone.pageblock(at).type, cpu);
  });
  stats_.pages_migrated += evacuation_.pages_migrated() - before;
  if (!empty) {
    ++stats_.stuck;
    return false;
  }
  const std::uint64_t pages = usable_pages(zone, first, zone.boundary());
  relabel(zone, first, Migratetype::movable, cpu);
  zone.set_boundary(first);
  regions_[zone.index()].usable -= pages;
  stats_.pages_shrunk += pages;
  return true;
}

}  // namespace gbsim
