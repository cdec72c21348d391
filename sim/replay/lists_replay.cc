// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lists_replay.h"

#include <fmt/format.h>

#include "sim/replay/fallback_rules.h"
#include "sim/replay/kernel_gfp.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kWindow = 200'000;    // removals
constexpr std::size_t kShownOfAList = 8;      // blocks of a list in a report
constexpr Order kLargestLabel{10};            // larger ones are freed in parts

std::vector<Pfn> first_blocks(const Zone& zone, Order order, Migratetype type) {
  std::vector<Pfn> blocks;
  zone.for_each_free(order, type, [&](Pfn pfn) {
    blocks.push_back(pfn);
    return blocks.size() < kShownOfAList;
  });
  return blocks;
}

}  // namespace

ListsReplay::ListsReplay(Memory& memory, DirectFrees direct_frees)
    : memory_(memory), pages_(memory), direct_frees_(direct_frees) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    memory.zone(i).set_watermarks(Watermarks{});  // what the kernel took was there to be taken
  }
}

ListsReplay::CpuState& ListsReplay::state(unsigned cpu) {
  if (cpu >= cpus_.size()) {
    cpus_.resize(cpu + 1);
  }
  return cpus_[cpu];
}

void ListsReplay::feed(const TraceEvent& event, bool past_pcp) {
  ++counts_.events;
  switch (event.kind) {
    case EventKind::alloc:
      return alloc(event);
    case EventKind::free:
      return free(event, past_pcp);
    case EventKind::zone_locked:
      return zone_locked(event);
    case EventKind::pcpu_drain:
      return pcpu_drain(event);
    case EventKind::extfrag:
      return extfrag(event);
    case EventKind::migrate:
      return migrate(event);
    case EventKind::buddy_free:
      return buddy_free(event);
    case EventKind::isolate:
      return isolate(event);
    case EventKind::set_type:
      return set_type(event);
    case EventKind::compaction:
      return note_compaction();
    default:
      counts_.skipped.add("other");
  }
}

void ListsReplay::note_compaction() {
  if (!counts_.before_compaction) {
    flush();
    counts_.before_compaction = counts_.whole;
  }
}

void ListsReplay::flush() {
  for (CpuState& cpu : cpus_) {
    flush(cpu);
  }
}

void ListsReplay::flush(CpuState& cpu) {
  apply_types(cpu);
  if (cpu.locked) {
    const TraceEvent event = *cpu.locked;
    cpu.locked.reset();
    remove(event);
  }
}

/** Under zone->lock no list event of the zone comes between a removal and its explanation; others may. */
void ListsReplay::flush_zone(const Zone& zone) {
  for (CpuState& cpu : cpus_) {
    if (cpu.locked && zone.contains(cpu.locked->pfn)) {
      flush(cpu);
    }
  }
}

void ListsReplay::alloc(const TraceEvent& event) {
  CpuState& cpu = state(event.cpu);
  flush(cpu);
  cpu.steals = false;
  Zone* zone = event.has_pfn && !event.flag ? pages_.zone_of(event.pfn, event.order) : nullptr;
  if (zone == nullptr) {
    return counts_.skipped.add(event.flag || !event.has_pfn ? "failed_alloc" : "outside_of_zones");
  }
  const bool movable = event.type == Migratetype::movable;
  if (RecordedPages::any_free(*zone, event.pfn, event.order)) {
    counts_.corrections.add("allocated_while_free");
    RecordedPages::seize(*zone, event.pfn, event.order, event.type, movable);
    return;
  }
  RecordedPages::label(*zone, event.pfn, event.order, event.type, movable);
}

void ListsReplay::free(const TraceEvent& event, bool past_pcp) {
  Zone* zone = pages_.zone_of(event.pfn, std::min(event.order, kLargestLabel));
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  const bool direct = past_pcp || !zone->caches_per_cpu(event.order);
  if (direct && direct_frees_ == DirectFrees::by_order) {
    return return_block(event.pfn, event.order, std::nullopt, FreeFlags::none);
  }
  if (direct || RecordedPages::any_free(*zone, event.pfn, event.order)) {
    return counts_.skipped.add(direct ? "free_told_by_buddy_free" : "freed_while_free");
  }
  // On a per-CPU list: neither free nor on an LRU list.
  RecordedPages::label(*zone, event.pfn, event.order, event.type, false);
}

void ListsReplay::zone_locked(const TraceEvent& event) {
  Zone* zone = event.has_pfn ? pages_.zone_of(event.pfn, event.order) : nullptr;
  if (zone == nullptr) {
    return counts_.skipped.add(event.has_pfn ? "outside_of_zones" : "failed_removal");
  }
  CpuState& cpu = state(event.cpu);
  if (!zone->rules().claim_then_steal) {
    flush_zone(*zone);
    apply_types(cpu);
    return remove(event);
  }
  std::vector<TraceEvent> types = std::exchange(cpu.types, {});
  flush(cpu);
  flush_zone(*zone);
  cpu.types = std::move(types);
  cpu.locked = event;
}

/** Foretells the page, compares, and takes the recorded one. */
void ListsReplay::remove(const TraceEvent& event) {
  Zone& zone = *pages_.zone_of(event.pfn, event.order);
  state(event.cpu).steals = false;
  end_isolation(zone, event.pfn, event.type);
  const auto found = zone.smallest_free(event.order, event.type);
  const std::optional<Pfn> ours =
      found ? std::optional{zone.first_free(*found, event.type)} : std::nullopt;
  const bool exact = ours == event.pfn;
  score_removal(event, exact);
  if (!exact) {
    report_mismatch(zone, event, ours);
    return lead_back(zone, event);
  }
  zone.take_block(event.pfn, *found, event.order, event.type);
  zone.settle_taken(event.order, event.type);
  RecordedPages::label(zone, event.pfn, event.order, event.type, false);
}

void ListsReplay::lead_back(Zone& zone, const TraceEvent& event) {
  const auto block = RecordedPages::free_block_at(zone, event.pfn);
  const bool is_head = block && block->head == event.pfn && block->order >= event.order;
  if (!is_head) {
    counts_.corrections.add(block ? "removed_from_within_a_block" : "removed_while_allocated");
    RecordedPages::seize(zone, event.pfn, event.order, event.type, false);
    return;
  }
  counts_.corrections.add(block->list == event.type ? "removed_out_of_turn" : "removed_from_another_list");
  zone.take_block(event.pfn, block->order, event.order, block->list);
  zone.settle_taken(event.order, block->list);
  RecordedPages::label(zone, event.pfn, event.order, event.type, false);
}

void ListsReplay::score_removal(const TraceEvent& event, bool exact) {
  counts_.whole.add(event.type, exact);
  if (counts_.windows.empty() || counts_.windows.back().count.total == kWindow) {
    counts_.windows.push_back(ScoreWindow{event.time, {}});
  }
  counts_.windows.back().count.add(exact);
}

void ListsReplay::report_mismatch(const Zone& zone, const TraceEvent& event, std::optional<Pfn> ours) {

  if (counts_.first_mismatch) {
    return;
  }
  const auto block = RecordedPages::free_block_at(zone, event.pfn);
  Mismatch mismatch{event.time, event.cpu, event.order, event.type, event.pfn, "not free in our lists", ours, {}, {}};
  if (const auto found = zone.smallest_free(event.order, event.type)) {
    mismatch.our_list = first_blocks(zone, *found, event.type);
  }
  if (block) {
    mismatch.where = fmt::format("in the block of order {} at {} on our {} list", block->order.value,
                                 block->head.value, name(block->list));
    mismatch.kernel_list = first_blocks(zone, block->order, block->list);
  }
  counts_.first_mismatch = std::move(mismatch);
}

void ListsReplay::pcpu_drain(const TraceEvent& event) {
  flush_zone(memory_.zone_of(event.pfn));
  return_block(event.pfn, event.order, event.type, FreeFlags::none);
}

void ListsReplay::buddy_free(const TraceEvent& event) {
  flush_zone(memory_.zone_of(event.pfn));
  return_block(event.pfn, event.order, event.type, event.flag ? FreeFlags::to_tail : FreeFlags::none);
}

/** Without a @type, to the lists of its pageblock's; in parts where the block is larger than the zone's largest. */
void ListsReplay::return_block(Pfn head, Order order, std::optional<Migratetype> type, FreeFlags flags) {
  const Pfn until = head + order.pages();
  for (Pfn at = head; at < until;) {
    Zone* zone = pages_.zone_of(at, Order{0});
    const Order part = zone == nullptr ? Order{0} : std::min(order, zone->orders().max);
    if (zone == nullptr || at + part.pages() > zone->end()) {
      return counts_.skipped.add("outside_of_zones");
    }
    return_part(*zone, at, part, type, flags);
    at += part.pages();
  }
}

void ListsReplay::return_part(Zone& zone, Pfn head, Order order, std::optional<Migratetype> type, FreeFlags flags) {
  const auto free_already = RecordedPages::free_block_at(zone, head);
  if (free_already && free_already->order >= order) {
    return counts_.corrections.add("freed_while_free");
  }
  if (RecordedPages::any_free(zone, head, order)) {
    counts_.corrections.add("freed_while_partly_free");
    RecordedPages::seize(zone, head, order, Migratetype::movable, false);
  }
  RecordedPages::unlabel(zone, head, order);
  note_isolation(zone, head, type);
  type ? zone.free_block(head, order, *type, flags) : zone.free_one(head, order, flags);
}

/** Nothing shows when a pageblock is isolated for a contiguous range, but that pages return to it as isolated. */
void ListsReplay::note_isolation(Zone& zone, Pfn pfn, std::optional<Migratetype> type) {
  if (type == Migratetype::isolate && zone.pageblock(pfn).type != Migratetype::isolate) {
    counts_.corrections.add("pageblock_isolated");
    zone.move_freepages(pfn, Migratetype::isolate);
    zone.set_pageblock_type(pfn, Migratetype::isolate);
  }
}

/** What leaves a list of @type was not isolated any more. */
void ListsReplay::end_isolation(Zone& zone, Pfn pfn, Migratetype type) {
  if (type != Migratetype::isolate && zone.pageblock(pfn).type == Migratetype::isolate) {
    counts_.corrections.add("pageblock_isolation_ended");
    zone.move_freepages(pfn, type);
    zone.set_pageblock_type(pfn, type);
  }
}

void ListsReplay::extfrag(const TraceEvent& event) {
  Zone* zone = pages_.zone_of(event.pfn, event.order);
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  CpuState& cpu = state(event.cpu);
  const bool was_locked = cpu.locked && cpu.locked->pfn == event.pfn && cpu.locked->order == event.order;
  if (!was_locked) {
    std::vector<TraceEvent> types = std::exchange(cpu.types, {});
    flush(cpu);
    flush_zone(*zone);
    cpu.types = std::move(types);
  }
  if (is_capture(*zone, event, was_locked)) {
    return counts_.skipped.add("captured_by_compaction");
  }
  const bool avoids_mixing = memory_.avoids_mixing(zone->node(), zone->type());
  const PlacementMode from = cpu.steals ? PlacementMode::steal : PlacementMode::normal;
  const FallbackDecision ours = decide_fallback(*zone, event.order, event.type, from, avoids_mixing);
  score_fallback(ours, event, counts_.whole.fallbacks);
  const auto taken = follow_fallback(*zone, event, was_locked, counts_.corrections);
  if (taken) {
    zone->settle_taken(taken->order, event.type);
    RecordedPages::label(*zone, taken->pfn, taken->order, event.type, false);
    cpu.steals = !event.flag;
  }
  flush(cpu);
}

/** A page freed during direct compaction went to the waiting task and was never on a list. */
bool ListsReplay::is_capture(const Zone& zone, const TraceEvent& event, bool was_locked) const {
  return !was_locked && event.order == event.fallback_order && zone.rules().claim_then_steal &&
         !RecordedPages::free_block_at(zone, event.pfn);
}

void ListsReplay::migrate(const TraceEvent& event) {
  Zone* to = pages_.zone_of(event.to, Order{0});
  if (to == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  flush_zone(*to);
  if (RecordedPages::free_block_at(*to, event.to)) {
    counts_.corrections.add("migrated_to_while_free");
    RecordedPages::seize(*to, event.to, Order{0}, Migratetype::movable, true);
  }
}

void ListsReplay::isolate(const TraceEvent& event) {
  Zone* zone = pages_.zone_of(event.pfn, event.order);
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  flush_zone(*zone);
  const auto block = RecordedPages::free_block_at(*zone, event.pfn);
  const bool same = block && block->head == event.pfn && block->order == event.order;
  if (!same || !zone->isolate_free_block(event.pfn, event.order)) {
    counts_.corrections.add("isolated_otherwise");
    RecordedPages::seize(*zone, event.pfn, event.order, Migratetype::movable, false);
  }
}

/** A fallback writes types before its event shows, and is decided by those that were there before. */
void ListsReplay::set_type(const TraceEvent& event) { state(event.cpu).types.push_back(event); }

void ListsReplay::apply_types(CpuState& cpu) {
  for (const TraceEvent& event : cpu.types) {
    if (Zone* zone = pages_.zone_of(event.pfn, Order{0})) {
      zone->set_pageblock_type(event.pfn, event.type);
    }
  }
  cpu.types.clear();
}

}  // namespace gbsim
