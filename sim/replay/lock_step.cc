// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lock_step.h"

namespace gbsim {

namespace {

/** A refill that steals goes on with this event. */
bool continues(const TraceEvent& stole, const TraceEvent& event) {
  return event.kind == EventKind::extfrag && event.order == stole.order && event.type == stole.type;
}

}  // namespace

constexpr std::array<LockStep::Handler, kNrEventKinds> LockStep::kHandlers{{
    {EventKind::alloc, &LockStep::alloc},
    {EventKind::free, &LockStep::free},
    {EventKind::free_batched, &LockStep::pass_over},
    {EventKind::zone_locked, &LockStep::zone_locked},
    {EventKind::pcpu_drain, &LockStep::pcpu_drain},
    {EventKind::extfrag, &LockStep::extfrag},
    {EventKind::migrate, &LockStep::migrate},
    {EventKind::buddy_free, &LockStep::buddy_free},
    {EventKind::isolate, &LockStep::compaction},
    {EventKind::set_type, &LockStep::set_type},
    {EventKind::isolate_range, &LockStep::compaction},
    {EventKind::fast_isolate, &LockStep::compaction},
    {EventKind::scan_source, &LockStep::compaction},
    {EventKind::migrated, &LockStep::compaction},
    {EventKind::compaction, &LockStep::compaction},
    {EventKind::compaction_check, &LockStep::compaction},
    {EventKind::compaction_end, &LockStep::compaction},
    {EventKind::other, &LockStep::pass_over},
}};

LockStepInput lock_step_input(const TraceSurvey& survey) {
  return {survey.count(EventKind::buddy_free) != 0, survey.count(EventKind::isolate) != 0, survey.direct_frees,
          survey.first_compaction};
}

LockStep::LockStep(Memory& memory, LockStepInput input)
    : memory_(memory),
      rules_(kernel_rules(memory.tunables().kernel_rules)),
      pages_(memory),
      lru_(memory),
      frees_to_buddy_(input.frees_to_buddy),
      first_compaction_(input.first_compaction),
      compaction_(memory, input.isolations, RecordedCompaction::Lists::followed),
      returns_(memory, std::move(input.direct_frees)) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    memory.zone(i).set_watermarks(Watermarks{});  // what the kernel took was there to be taken
  }
}

Zone* LockStep::zone_of(const TraceEvent& event) {
  Zone* zone = pages_.zone_of(event.pfn, event.order);
  if (zone == nullptr) {
    counts_.skipped.add("outside_of_zones");
  }
  return zone;
}

bool LockStep::looks_ahead(const TraceEvent& event) const {
  return event.kind == EventKind::isolate || (event.kind == EventKind::zone_locked && rules_.fallback_takes_page);
}

void LockStep::feed(const TraceEvent& event, std::uint64_t number, const TraceEvent* next) {
  ++counts_.events;
  next_ = next;
  number_ = number;
  was_capture_ = false;
  if (is_compacted_at(event.time)) [[unlikely]] {
    begin_compaction();
  }
  const Handler& handler = kHandlers[static_cast<std::size_t>(event.kind)];
  if (is_aside(event)) {
    return (this->*handler.run)(event);
  }
  returns_.give_back_due(event, counts_);
  CpuState& cpu = cpus_[event.cpu];
  if (cpu.stole && !continues(*cpu.stole, event)) {
    cpu.stole.reset();
  }
  (this->*handler.run)(event);
  if (!cpu.types.empty()) {
    write_types(cpu);
  }
}

void LockStep::settle() {
  returns_.settle(counts_);
  for (CpuState& cpu : cpus_) {
    write_types(cpu);
  }
}

void LockStep::pass_over(const TraceEvent& event) {
  counts_.skipped.add(event.kind == EventKind::free_batched ? "free_batched" : "no_list_event");
}

void LockStep::alloc(const TraceEvent& event) {
  if (!event.has_pfn) {
    return counts_.skipped.add("failed_alloc");
  }
  Zone* zone = zone_of(event);
  if (zone == nullptr) {
    return;
  }
  kept_.note_alloc(event, *zone);
  vain_.note_handed_out(event);
  returns_.note_left(event.pfn, event.order);
  if (!RecordedPages::any_free(*zone, event.pfn, event.order)) {
    RecordedPages::label(*zone, event.pfn, event.order, event.type, false);
    return lru_.note_alloc(*zone, event);
  }
  // Pages freed during direct compaction go to the waiting task without having been on a list.
  const bool compacts = counts_.before_compaction && zone->is_free_block(event.pfn, event.order);
  counts_.corrections.add(compacts ? "captured_by_compaction" : "allocated_while_free");
  RecordedPages::seize(*zone, event.pfn, event.order, event.type, false);
  lru_.note_alloc(*zone, event);
}

void LockStep::free(const TraceEvent& event) {
  Zone* zone = pages_.zone_of(event.pfn, Order{0});
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  if (compaction_.keeps(*zone, event)) {
    return counts_.skipped.add("kept_by_compaction");
  }
  if (!zone->caches_per_cpu(event.order)) {
    return frees_to_buddy_ ? void() : returns_.give_back(event, counts_);
  }
  zone = zone_of(event);
  if (zone == nullptr) {
    return;
  }
  if (RecordedPages::any_free(*zone, event.pfn, event.order)) {
    // Compaction had taken the page off its list unseen, and now gives it back.
    counts_.corrections.add("freed_while_free");
    RecordedPages::seize(*zone, event.pfn, event.order, zone->pageblock(event.pfn).type, false);
    return;
  }
  returns_.note_free(event, number_);
  vain_.note_cached(event);
  lru_.note_free(*zone, event);
  // On a per-CPU list, or on its way: neither free nor on an LRU list.
  RecordedPages::label(*zone, event.pfn, event.order, zone->pageblock(event.pfn).type, false);
}

void LockStep::pcpu_drain(const TraceEvent& event) {
  if (Zone* zone = zone_of(event)) {
    BuddyReturns::give_back(*zone, event.pfn, event.order, event.type, FreeFlags::none, counts_);
  }
}

void LockStep::buddy_free(const TraceEvent& event) {
  if (Zone* zone = zone_of(event)) {
    const FreeFlags end = goes_to_tail(event) ? FreeFlags::to_tail : FreeFlags::none;
    BuddyReturns::give_back(*zone, event.pfn, event.order, event.type, end, counts_);
  }
}

void LockStep::migrate(const TraceEvent& event) {
  Zone* to = pages_.zone_of(event.to, Order{0});
  Zone* from = pages_.zone_of(event.pfn, Order{0});
  if (to == nullptr || from == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  const Slot old = from->slot(event.pfn);
  const bool known = old.kind() == Slot::Kind::raw && pages_.zone_of(event.to, old.order()) == to;
  const Order order = known ? old.order() : Order{0};
  const Migratetype type = known ? old.type() : Migratetype::movable;
  compaction_.take_searched(*to, event);
  if (RecordedPages::any_free(*to, event.to, order)) {
    counts_.corrections.add("migrated_to_while_free");
    RecordedPages::seize(*to, event.to, order, type, true);
  } else {
    RecordedPages::label(*to, event.to, order, type, true);
  }
}

void LockStep::compaction(const TraceEvent& event) {
  vain_.note_compaction(event.time);
  compaction_.note(event, counts_, next_);
}

void LockStep::correct_if(bool changed, std::string_view kind) {
  if (changed) {
    counts_.corrections.add(kind);
  }
}

void LockStep::begin_compaction() {
  if (!counts_.before_compaction) {
    counts_.before_compaction = counts_.whole;
  }
}

/** A fallback writes types before its event shows, and is decided by those that were there before. */
void LockStep::set_type(const TraceEvent& event) { cpus_[event.cpu].types.push_back(event); }

void LockStep::write_types(CpuState& cpu) {
  for (const TraceEvent& event : cpu.types) {
    Zone* zone = pages_.zone_of(event.pfn, Order{0});
    if (zone == nullptr || zone->pageblock(event.pfn).type == event.type) {
      continue;
    }
    counts_.corrections.add("pageblock_type");
    const bool is_kept = KeptBlocks::note_return(*zone, event.pfn, event.type) ||
                         KeptBlocks::note_removal(*zone, event.pfn, event.type);
    if (!is_kept) {
      zone->set_pageblock_type(event.pfn, event.type);
    }
  }
  cpu.types.clear();
}

}  // namespace gbsim
