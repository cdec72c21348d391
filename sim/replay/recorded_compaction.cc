// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_compaction.h"

#include <utility>

#include "sim/replay/contiguous_alloc.h"
#include "sim/replay/recorded_search.h"
#include "sim/replay/target_range.h"

namespace gbsim {

namespace {

constexpr Migratetype kTarget = Migratetype::isolate;

bool is_target(const Zone& zone, Pfn pfn) {
  const auto head = RecordedPages::allocated_block_at(zone, pfn);
  return head && zone.slot(*head).type() == kTarget;
}

}  // namespace

void RecordedCompaction::note(const TraceEvent& event, ReplayCounts& counts, const TraceEvent* next) {
  has_drained_ = false;
  if (event.kind == EventKind::isolate) {
    return isolate(event, next, counts);
  }
  if (event.kind == EventKind::isolate_range) {
    return each_is_shown_ ? void() : isolate_range(event, counts);
  }
  follow_run(event, counts);
}

void RecordedCompaction::follow_run(const TraceEvent& event, ReplayCounts& counts) {
  if (event.kind == EventKind::compaction) {
    runs_.end(event);
  }
  CompactionRun& run = runs_.note(event);
  has_drained_ = CompactionRuns::has_passed_block(event, run);
  if (event.kind == EventKind::fast_isolate) {
    search_target(event, run, counts);
  } else if (goes_on(event)) {
    search_source(event, run);
  } else if (event.kind == EventKind::compaction_end) {
    runs_.end(event);
    put_back_untaken(counts);
  }
}

void RecordedCompaction::take(Zone& zone, const RecordedPages::FreeBlock& block) {
  if (!zone.isolate_free_block(block.head, block.order)) {
    RecordedPages::seize(zone, block.head, block.order, kTarget, false);
  }
  RecordedPages::label(zone, block.head, block.order, kTarget, false);
}

void RecordedCompaction::turn_all(Zone& zone, const FoundTarget& found) {
  for (const ListTurn& turned : found.turns) {
    turn(zone, turned);
  }
}

void RecordedCompaction::foresee_search(Zone& zone, const TraceEvent& isolate, const TraceEvent* next) {
  std::optional<FoundTarget>& foreseen = foreseen_[isolate.cpu];
  foreseen.reset();
  if (next == nullptr || next->kind != EventKind::fast_isolate || !took_block(*next)) {
    return;
  }
  const auto found = recorded_target(zone, *next, runs_.run_of(*next));
  if (found && found->block == isolate.pfn) {
    turn_all(zone, *found);
    foreseen = found;
  }
}

void RecordedCompaction::isolate(const TraceEvent& event, const TraceEvent* next, ReplayCounts& counts) {
  Zone* zone = pages_.zone_of(event.pfn, event.order);
  if (zone == nullptr) {
    return counts.skipped.add("outside_of_zones");
  }
  if (zone->is_free_block(event.pfn, event.order)) {
    foresee_search(*zone, event, next);
    const RecordedPages::FreeBlock block{event.pfn, event.order};
    take(*zone, block);
    return runs_.hold(event.cpu, block);
  }
  counts.corrections.add("isolated_otherwise");
  RecordedPages::leave_pcp(*zone, event.pfn, event.order);
  RecordedPages::seize(*zone, event.pfn, event.order, Migratetype::movable, false);
}

void RecordedCompaction::isolate_range(const TraceEvent& event, ReplayCounts& counts) {
  const Order pageblock = memory_.zone(0).orders().pageblock;
  if (const NrPages pages = contiguous_pages(event, pageblock); pages > NrPages{0}) {
    return allocate_contiguous(pages_, event.pfn, pages, pageblock) ? void() : counts.skipped.add("outside_of_zones");
  }
  if (pages_taken(event) == NrPages{0}) {
    return;
  }
  const auto range = recorded_targets(pages_, event);
  if (!range) {
    return counts.skipped.add("outside_of_zones");
  }
  if (range->taken != pages_taken(event)) {
    counts.corrections.add("targets_in_range_differ");
  }
  for (const RecordedPages::FreeBlock& block : range->blocks) {
    take(memory_.zone_of(block.head), block);
    runs_.hold(event.cpu, block);
  }
}

void RecordedCompaction::search_target(const TraceEvent& event, CompactionRun& run, ReplayCounts& counts) {
  Zone* zone = pages_.zone_of(event.has_pfn ? event.pfn : event.to, Order{0});
  if (zone == nullptr) {
    return counts.skipped.add("outside_of_zones");
  }
  if (each_is_shown_) {
    return follow_shown_search(*zone, event, run);
  }
  const auto found = recorded_target(*zone, event, run);
  note_search(run, event, found, *zone);
  if (!found) {
    return counts.corrections.add("search_for_target_differs");
  }
  turn_all(*zone, *found);
  if (found->block) {
    const RecordedPages::FreeBlock block{*found->block, found->order};
    take(*zone, block);
    run.hold(block);
  }
}

void RecordedCompaction::follow_shown_search(Zone& zone, const TraceEvent& event, CompactionRun& run) {
  std::optional<FoundTarget> found;
  if (took_block(event)) {
    found = std::exchange(foreseen_[event.cpu], std::nullopt);
  } else if (lists_ == Lists::followed) {
    found = recorded_target(zone, event, run);
    found ? turn_all(zone, *found) : void();
  }
  note_search(run, event, found, zone);
}

void RecordedCompaction::search_source(const TraceEvent& event, CompactionRun& run) {
  Zone* zone = pages_.zone_of(run.migrate_pfn, Order{0});
  const auto found = zone == nullptr ? std::nullopt : recorded_source(*zone, event, run);
  if (!found) {
    return;
  }
  run.search_fails = found->block ? 0 : run.search_fails + 1;
  if (found->turn && lists_ != Lists::own) {
    turn(*zone, *found->turn);
  }
}

void RecordedCompaction::take_searched(Zone& zone, const TraceEvent& migrate) {
  const auto block = RecordedPages::free_block_at(zone, migrate.to);
  if (each_is_shown_ || !block || block->order >= zone.orders().pageblock) {
    return;
  }
  zone.turn_list(block->head, block->order, ListEnd::head);
  take(zone, *block);
  runs_.hold(migrate.cpu, *block);
}

/** The cheapest first: nearly all frees come while nobody moves pages. */
bool RecordedCompaction::keeps(const Zone& zone, const TraceEvent& free) const {
  return zone.rules().announces_kept_targets && runs_.any_moves_pages() && is_target(zone, free.pfn) &&
         runs_.is_kept(free.pfn);
}

/** By now compaction has given back all that it held. Single pages may be in use: zsmalloc moves its own unseen. */
void RecordedCompaction::put_back_untaken(ReplayCounts& counts) {
  const auto blocks = runs_.take_nobodys();
  for (const RecordedPages::FreeBlock& block : blocks) {
    Zone& zone = memory_.zone_of(block.head);
    const bool is_untouched = zone.slot(block.head).bits() == Slot::raw(block.order, kTarget, false).bits();
    if (lists_ == Lists::followed || block.order == Order{0} || !is_untouched) {
      continue;
    }
    counts.corrections.add("target_never_taken");
    RecordedPages::unlabel(zone, block.head, block.order);
    zone.free_one(block.head, block.order, FreeFlags::none);
  }
}

}  // namespace gbsim
