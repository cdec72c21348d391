// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gigablock_defrag.h"

#include <algorithm>
#include <utility>

#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

/** DEF_PRIORITY: how small a part of a cache one round looks at, as a shift. */
constexpr unsigned kShrinkPriority = 12;
/** The same when only objects of one gigablock may go: the RFC's machine had 16 tainted ones for them to lie in. */
constexpr unsigned kTargetedPriority = 8;

/** RFC v2-15: one free pageblock, or less than two pageblocks of free pages. */
bool is_short_flat(const GigablockCounts& counts, std::uint64_t pageblock_pages) {
  return counts.free <= 1 || counts.free_pages < 2 * pageblock_pages;
}

/** RFC v2-15: two free pageblocks, or three pageblocks of free pages. */
bool has_enough_flat(const GigablockCounts& counts, std::uint64_t pageblock_pages) {
  return counts.free >= 2 || counts.free_pages >= 3 * pageblock_pages;
}

/** Holds movable pages only, none of which is stuck, and is labelled so. */
bool can_be_emptied(const Pageblock& block) {
  return block.type == Migratetype::movable && block.movable != 0 && block.unmovable == 0 && block.reclaimable == 0 &&
         block.reserved == 0 && block.pinned == 0;
}

Pfn end_of(const Zone& zone, GigablockId id) {
  return std::min(zone.gigablock_start(id) + zone.orders().gigablock.pages(), zone.end());
}

template <class Visit>
void for_each_pageblock(const Zone& zone, GigablockId id, Visit&& visit) {
  const NrPages size = zone.orders().pageblock.pages();
  const Pfn first = std::max(zone.gigablock_start(id), zone.start().align_up(zone.orders().pageblock));
  const Pfn until = end_of(zone, id);
  for (Pfn at = first; at + size <= until && visit(at); at += size) {
  }
}

/** The number of a gigablock of @zone among all of the machine's memory. */
GigablockId machine_wide(const Zone& zone, GigablockId id) {
  return GigablockId{zone.gigablock_start(id).value >> zone.orders().gigablock.value};
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
      shrinks_(memory_.nr_nodes()) {
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
  const GigablockCounts& counts = index.counts(id);
  const Tunables& tunables = memory_.tunables();
  const bool enough = tunables.gigablock_defrag_start == DefragStart::flat
                          ? has_enough_flat(counts, zone.orders().pageblock.pages().value)
                          : counts.free >= index.reserve(id) + tunables.gigablock_defrag_goal;
  return enough || counts.movable == 0;
}

bool GigablockDefrag::is_short(const Zone& zone, GigablockId id) const {
  const GigablockIndex& index = *zone.gigablocks();
  return memory_.tunables().gigablock_defrag_start == DefragStart::flat
             ? is_short_flat(index.counts(id), zone.orders().pageblock.pages().value)
             : index.counts(id).free < index.reserve(id);
}

bool GigablockDefrag::needs_defrag(const Zone& zone, GigablockId id) {
  const GigablockIndex& index = *zone.gigablocks();
  if (!memory_.tunables().gigablock_defrag || index.category(id) != GigablockCategory::tainted ||
      index.counts(id).movable == 0 || !is_short(zone, id)) {
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
  known.run = {machine_wide(zone, id), NrPages{}, 0, memory_.clock().now};
  queue_.push_back({&memory_.zone(zone.index()), id});
  ++stats_.runs;
  wake();
}

void GigablockDefrag::want_shrink(const Zone& zone, std::optional<GigablockId> id) {
  SlabShrink& shrink = shrinks_[zone.node().value];
  const Tunables& tunables = memory_.tunables();
  if (tunables.gigablock_shrink_slab && !shrink.wanted &&
      (!shrink.last || memory_.clock().now >= *shrink.last + tunables.gigablock_shrink_interval)) {
    const bool aims = tunables.gigablock_shrink_targeted && id;
    shrink.wanted = aims ? ShrinkScope{zone.node(), zone.gigablock_start(*id), end_of(zone, *id)} : zone.node();
    wake();
  }
}

/** The tainted gigablock with most reclaimable pageblocks, where shrinking frees most. */
std::optional<GigablockId> GigablockDefrag::most_reclaimable(const Zone& zone) const {
  const std::vector<GigablockId> tainted = tainted_of(zone);
  const auto reclaimable = [&](GigablockId id) { return zone.gigablocks()->counts(id).reclaimable; };
  const auto most = std::ranges::max_element(tainted, {}, reclaimable);
  return most == tainted.end() ? std::nullopt : std::optional{*most};
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
    want_shrink(zone, id);
  }
}

void GigablockDefrag::tainted_exhausted(const Zone& zone) {
  want_shrink(zone, most_reclaimable(zone));
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
  const bool productive = known.run.pageblocks_freed != 0;
  stats_.productive_runs += productive ? 1 : 0;
  known.last_in_vain = productive ? std::nullopt : std::optional{memory_.clock().now};
  if (run_ended_) {
    run_ended_(known.run);
  }
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
  const std::uint64_t before = stats_.pages_migrated;
  const bool emptied = empty_cheapest(*place.zone, place.id, cpu);
  GigablockDefragRun& run = record(*place.zone, place.id).run;
  run.migrated += NrPages{stats_.pages_migrated - before};
  run.pageblocks_freed += emptied ? 1 : 0;
  if (!emptied) {
    end_run(place);
  }
}

bool GigablockDefrag::shrink_some() {
  const auto due = std::ranges::find_if(shrinks_, [](const SlabShrink& shrink) { return shrink.wanted.has_value(); });
  if (due == shrinks_.end()) {
    return false;
  }
  const ShrinkScope scope = *std::exchange(due->wanted, std::nullopt);
  due->last = memory_.clock().now;
  stats_.slab_objects_freed += slab_.shrink(scope, scope.is_node() ? kShrinkPriority : kTargetedPriority);
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
  const unsigned most = memory_.tunables().gigablock_evacuation_candidates;
  bool moved = false;
  unsigned left = most;
  for (auto id = tainted.begin(); request.order > Order{0} && left != 0 && id != tainted.end(); ++id) {
    moved |= free_mixed_pageblocks(zone, *id, request, left);
  }
  const unsigned coalescing = most - left;
  unsigned tried = 0;
  left = most;
  for (auto id = tainted.begin(); left != 0 && id != tainted.end(); ++id, ++tried) {
    const bool emptied = empty_cheapest(zone, *id, request.cpu);
    left -= emptied ? 1 : 0;
    moved |= emptied;
  }
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::EvacuateForOrderDone{
        {zone.name(), request.order, request.gfp.migratetype()}, coalescing, tried, moved});
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

bool GigablockDefrag::empty_cheapest_clean(Zone& zone, CpuId cpu) {
  const Tunables& tunables = memory_.tunables();
  const auto pages_to_move = [&](Pfn at) { return zone.pageblock(at).movable; };
  Maybe<Pfn> best;
  for (const GigablockId id :
       clean_candidates(zone, tunables.gigablock_contig_order, tunables.gigablock_contig_candidates)) {
    memory_.meter().charge(WorkKind::compact_scan, kLookAtPageblock * zone.gigablocks()->counts(id).pageblocks);
    const Maybe<Pfn> here = cheapest_pageblock(zone, id);
    best = here && (!best || pages_to_move(*here) < pages_to_move(*best)) ? here : best;
  }
  return best && !evacuation_.empty_pageblock(zone, *best, Migratetype::movable, cpu);
}

bool GigablockDefrag::empty_clean_for(const PageRequest& request) {
  const auto wanted = [&](const Zone& zone) {
    return zone.gigablocks() != nullptr && request.order == zone.orders().pageblock;
  };
  if (!memory_.tunables().gigablock_contig_first || request.gfp.migratetype() != Migratetype::movable) {
    return false;
  }
  ++stats_.contig_tries;
  const bool emptied = std::ranges::any_of(
      memory_.zonelist(request.node, highest_zone(request.gfp)),
      [&](Zone* zone) { return wanted(*zone) && empty_cheapest_clean(*zone, request.cpu); });
  stats_.contig_emptied += emptied ? 1 : 0;
  return emptied;
}

}  // namespace gbsim
