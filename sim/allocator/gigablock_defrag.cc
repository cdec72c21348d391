// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gigablock_defrag.h"

#include <algorithm>

#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

/** Pageblocks beyond the reserve that a run aims at: the RFC starts at one and stops at two. */
constexpr std::uint32_t kGoalBeyondReserve = 1;
/** Pageblocks that one allocation may have evacuated. The RFC's bound is not public. */
constexpr unsigned kEvacuationCandidates = 4;
/** Rounds of shrinkers come no closer than this on a node: the RFC's first throttle, v1-32. */
constexpr Ns kShrinkInterval{100'000'000};
/** DEF_PRIORITY: how small a part of a cache one round looks at, as a shift. */
constexpr unsigned kShrinkPriority = 12;

/** Holds movable pages only, none of which is stuck, and is labelled so. */
bool can_be_emptied(const Pageblock& block) {
  return block.type == Migratetype::movable && block.movable != 0 && block.unmovable == 0 && block.reclaimable == 0 &&
         block.reserved == 0 && block.pinned == 0;
}

template <class Visit>
void for_each_pageblock(const Zone& zone, GigablockId id, Visit&& visit) {
  const NrPages size = zone.orders().pageblock.pages();
  const Pfn first = std::max(zone.gigablock_start(id), zone.start().align_up(zone.orders().pageblock));
  const Pfn until = std::min(zone.gigablock_start(id) + zone.orders().gigablock.pages(), zone.end());
  for (Pfn at = first; at + size <= until && visit(at); at += size) {
  }
}

/** The number of a gigablock of @zone among all of the machine's memory. */
GigablockId machine_wide(const Zone& zone, GigablockId id) {
  return GigablockId{static_cast<std::uint32_t>(zone.gigablock_start(id).value >> zone.orders().gigablock.value)};
}

std::vector<GigablockId> tainted_of(const Zone& zone) {
  std::vector<GigablockId> ids;
  zone.gigablocks()->for_each(GigablockCategory::tainted, [&](GigablockId id) {
    ids.push_back(id);
    return true;
  });
  return ids;
}

}  // namespace

GigablockDefrag::GigablockDefrag(PageAllocator& allocator, Migration& migration, ShrinkSlab& slab)
    : memory_(allocator.memory()),
      slab_(slab),
      evacuation_(allocator, migration, false),
      shrink_wanted_(memory_.nr_nodes(), false),
      last_shrink_(memory_.nr_nodes()) {
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    Zone& zone = memory_.zone(i);
    records_.emplace_back(zone.gigablocks() != nullptr ? zone.nr_gigablocks() : 0);
    for (std::uint32_t id = 0; id < records_[i].size(); ++id) {
      records_[i][id].filed = zone.gigablocks()->category(GigablockId{id});
    }
    if (zone.gigablocks() != nullptr) {
      zone.set_gigablock_listener(this);
    }
  }
}

void GigablockDefrag::wake() const {
  if (wake_) {
    wake_();
  }
}

bool GigablockDefrag::reached_goal(const Zone& zone, GigablockId id) const {
  const GigablockIndex& index = *zone.gigablocks();
  return index.counts(id).free >= index.reserve(id) + kGoalBeyondReserve || index.counts(id).movable == 0;
}

bool GigablockDefrag::needs_defrag(const Zone& zone, GigablockId id) {
  const GigablockIndex& index = *zone.gigablocks();
  if (!memory_.tunables().gigablock_defrag || index.category(id) != GigablockCategory::tainted ||
      index.counts(id).movable == 0 || index.counts(id).free >= index.reserve(id)) {
    return false;
  }
  const auto& last = record(zone, id).last_in_vain;
  return !last || memory_.clock().now >= *last + memory_.tunables().gigablock_defrag_cooldown;
}

void GigablockDefrag::consider(const Zone& zone, GigablockId id) {
  Record& known = record(zone, id);
  if (known.queued || !needs_defrag(zone, id)) {
    return;
  }
  known.queued = true;
  known.freed_any = false;
  queue_.push_back({&memory_.zone(zone.index()), id});
  ++stats_.runs;
  wake();
}

void GigablockDefrag::want_shrink(const Zone& zone) {
  const std::size_t node = zone.node().value;
  const auto& last = last_shrink_[node];
  if (memory_.tunables().gigablock_shrink_slab && !shrink_wanted_[node] &&
      (!last || memory_.clock().now >= *last + kShrinkInterval)) {
    shrink_wanted_[node] = true;
    wake();
  }
}

/** Free memory is down to what the reserve would be in whole pageblocks: the RFC's shrink high water. */
bool GigablockDefrag::below_shrink_mark(const Zone& zone, GigablockId id) const {
  const GigablockIndex& index = *zone.gigablocks();
  return index.counts(id).free_pages < index.reserve(id) * zone.orders().pageblock.pages().value;
}

void GigablockDefrag::trace_filing(const Zone& zone, GigablockId id) {
  Record& known = record(zone, id);
  const GigablockCategory now = zone.gigablocks()->category(id);
  TracepointSink* sink = memory_.tracepoints();
  if (sink != nullptr && now != known.filed) {
    const GigablockCounts& counts = zone.gigablocks()->counts(id);
    sink->tracepoint(tracepoint::GigablockFiled{zone.node(), machine_wide(zone, id), name(known.filed), name(now),
                                                NrPages{counts.free_pages}, counts.free});
  }
  known.filed = now;
}

void GigablockDefrag::gigablock_refiled(const Zone& zone, GigablockId id) {
  trace_filing(zone, id);
  consider(zone, id);
}

void GigablockDefrag::taken_from_tainted(const Zone& zone, GigablockId id) {
  if (below_shrink_mark(zone, id)) {
    consider(zone, id);
    want_shrink(zone);
  }
}

void GigablockDefrag::tainted_exhausted(const Zone& zone) {
  want_shrink(zone);
  for (const GigablockId id : tainted_of(zone)) {
    consider(zone, id);
  }
}

Maybe<Pfn> GigablockDefrag::cheapest_pageblock(const Zone& zone, GigablockId id) const {
  Maybe<Pfn> best;
  for_each_pageblock(zone, id, [&](Pfn at) {
    const Pageblock& block = zone.pageblock(at);
    if (can_be_emptied(block) && (!best || block.movable < zone.pageblock(*best).movable)) {
      best = at;
    }
    return true;
  });
  return best;
}

bool GigablockDefrag::empty_cheapest(Zone& zone, GigablockId id, CpuId cpu) {
  const auto start = cheapest_pageblock(zone, id);
  if (!start) {
    return false;
  }
  const std::uint64_t before = evacuation_.pages_migrated();
  const bool emptied = !evacuation_.empty_pageblock(zone, *start, Migratetype::movable, cpu);
  stats_.pages_migrated += evacuation_.pages_migrated() - before;
  stats_.pageblocks_freed += emptied ? 1 : 0;
  if (TracepointSink* sink = memory_.tracepoints()) {
    const NrPages moved{evacuation_.pages_migrated() - before};
    sink->tracepoint(tracepoint::GigablockDefrag{zone.node(), machine_wide(zone, id), *start, moved, emptied});
  }
  return emptied;
}

void GigablockDefrag::end_run(Place place) {
  Record& known = record(*place.zone, place.id);
  stats_.productive_runs += known.freed_any ? 1 : 0;
  known.last_in_vain = known.freed_any ? std::nullopt : std::optional{memory_.clock().now};
  known.queued = false;
  queue_.pop_front();
}

/** One pageblock of the gigablock that has waited longest. */
void GigablockDefrag::defrag_front(CpuId cpu) {
  const Place place = queue_.front();
  if (place.zone->gigablocks()->category(place.id) != GigablockCategory::tainted ||
      reached_goal(*place.zone, place.id)) {
    return end_run(place);
  }
  if (!empty_cheapest(*place.zone, place.id, cpu)) {
    return end_run(place);
  }
  record(*place.zone, place.id).freed_any = true;
}

bool GigablockDefrag::shrink_some() {
  const auto wanted = std::ranges::find(shrink_wanted_, true);
  if (wanted == shrink_wanted_.end()) {
    return false;
  }
  const auto node = static_cast<std::uint16_t>(wanted - shrink_wanted_.begin());
  *wanted = false;
  last_shrink_[node] = memory_.clock().now;
  slab_.shrink(NodeId{node}, kShrinkPriority);
  ++stats_.slab_shrinks;
  return true;
}

bool GigablockDefrag::step(CpuId cpu) {
  if (shrink_some()) {
    return true;
  }
  if (queue_.empty()) {
    return false;
  }
  defrag_front(cpu);
  return true;
}

/** Phase 1: movable pages leave pageblocks of the wanted type, so that what is free there can merge. */
bool GigablockDefrag::free_mixed_pageblocks(Zone& zone, GigablockId id, const PageRequest& request, unsigned& left) {
  bool moved = false;
  for_each_pageblock(zone, id, [&](Pfn at) {
    const Pageblock& block = zone.pageblock(at);
    if (block.type == request.gfp.migratetype() && block.movable != 0) {
      moved |= evacuation_.move_movable_out(zone, at, request.cpu) != 0;
      --left;
    }
    return left != 0;
  });
  return moved;
}

/** Phase 2: movable pageblocks are emptied, for the request to claim. */
bool GigablockDefrag::evacuate_zone(Zone& zone, const PageRequest& request) {
  const std::vector<GigablockId> tainted = tainted_of(zone);
  bool moved = false;
  unsigned left = kEvacuationCandidates;
  for (auto id = tainted.begin(); request.order > Order{0} && left != 0 && id != tainted.end(); ++id) {
    moved |= free_mixed_pageblocks(zone, *id, request, left);
  }
  left = kEvacuationCandidates;
  for (auto id = tainted.begin(); left != 0 && id != tainted.end(); ++id) {
    const bool emptied = empty_cheapest(zone, *id, request.cpu);
    left -= emptied ? 1 : 0;
    moved |= emptied;
  }
  return moved;
}

bool GigablockDefrag::evacuate_for(const PageRequest& request) {
  if (!memory_.tunables().gigablock_evacuate || request.gfp.migratetype() == Migratetype::movable) {
    return false;
  }
  ++stats_.evacuations;
  bool moved = false;
  for (Zone* zone : memory_.zonelist(request.node, highest_zone(request.gfp))) {
    moved |= zone->gigablocks() != nullptr && evacuate_zone(*zone, request);
  }
  stats_.evacuations_useful += moved ? 1 : 0;
  return moved;
}

}  // namespace gbsim
