// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks that leave the lists: foretold, compared with the recording, followed. With and without a fallback.
#include <fmt/format.h>

#include "sim/replay/lock_step.h"

namespace gbsim {

namespace {

constexpr std::size_t kShownOfAList = 8;  // blocks of a list in a report

std::vector<Pfn> first_blocks(const Zone& zone, Order order, Migratetype type) {
  std::vector<Pfn> blocks;
  zone.for_each_free(order, type, [&](Pfn pfn) {
    blocks.push_back(pfn);
    return blocks.size() < kShownOfAList;
  });
  return blocks;
}

bool explains(const TraceEvent& extfrag, const TraceEvent& removal) {
  return extfrag.kind == EventKind::extfrag && extfrag.pfn == removal.pfn && extfrag.order == removal.order &&
         extfrag.type == removal.type;
}

/** Steals take the smallest that a list of another type has: ours is smaller than the kernel's. */
bool steals_smaller(const FallbackDecision& ours, const TraceEvent& extfrag) {
  return ours.placement && ours.placement->action == PlacementAction::take &&
         ours.placement->list == extfrag.fallback_type && ours.placement->found < extfrag.fallback_order;
}

}  // namespace

void LockStep::zone_locked(const TraceEvent& event) {
  if (!event.has_pfn) {
    return counts_.skipped.add("failed_removal");
  }
  Zone* zone = zone_of(event);
  if (zone == nullptr) {
    return;
  }
  CpuState& cpu = cpus_[event.cpu];
  if (next_ == nullptr || !explains(*next_, event)) {
    return remove(*zone, event);
  }
  fall_back(*zone, *next_, PlacementMode::normal, true);
  cpu.explained = true;
  remove(*zone, event);
}

/** Foretells the page, compares, and takes the recorded one. */
void LockStep::remove(Zone& zone, const TraceEvent& event) {
  correct_if(KeptBlocks::note_removal(zone, event.pfn, event.type), "pageblock_kept_no_more");
  returns_.note_left(event.pfn, event.order);
  vain_.note_cached(event);
  const auto found = zone.smallest_free(event.order, event.type);
  const bool exact = found && zone.first_free(*found, event.type) == event.pfn;
  counts_.score(event.time, event.type, exact);
  if (exact) {
    zone.take_block(event.pfn, *found, event.order, event.type);
    zone.settle_taken(event.order, event.type);
    return zone.set_raw(event.pfn, event.order, event.type, false);
  }
  if (!counts_.first_mismatch) {
    note_mismatch(zone, event, found);
  }
  if (vain_.explains(zone, event)) {
    counts_.corrections.add("isolated_in_vain");
    return lead_back(zone, event);
  }
  doubt_heads(zone, event);
  drop_passed_over(zone, event);
  if (const auto left = zone.smallest_free(event.order, event.type)) {
    correct_if(kept_.hide(zone, zone.first_free(*left, event.type)), "pageblock_reserved");
  }
  lead_back(zone, event);
}

void LockStep::lead_back(Zone& zone, const TraceEvent& event) {
  const auto block = RecordedPages::free_block_at(zone, event.pfn);
  const bool is_head = block && block->head == event.pfn && block->order >= event.order;
  if (!is_head) {
    counts_.corrections.add(block ? "removed_from_within_a_block" : "removed_while_allocated");
    RecordedPages::seize(zone, event.pfn, event.order, event.type, false);
    return;
  }
  counts_.corrections.add(block->list == event.type ? "removed_out_of_turn" : "removed_from_another_list");
  if (block->list == event.type && zone.smallest_free(event.order, event.type) == block->order) {
    turn_list(zone, event, block->order);
  }
  zone.take_block(event.pfn, block->order, event.order, block->list);
  zone.settle_taken(event.order, block->list);
  RecordedPages::label(zone, event.pfn, event.order, event.type, false);
}

/**
 * Pages whose free was inferred, and that the kernel passed over: until they show, they count as allocated. Once
 * compaction rotates lists, it passes over others too.
 */
void LockStep::doubt_heads(Zone& zone, const TraceEvent& event) {
  if (counts_.before_compaction) {
    return;
  }
  while (const auto order = zone.smallest_free(event.order, event.type)) {
    const Pfn head = zone.first_free(*order, event.type);
    if (head == event.pfn || !returns_.doubt(zone, head, *order, counts_)) {
      return;
    }
  }
}

/**
 * The kernel takes from the smallest order that has something. What we have on a smaller one, although it was passed
 * over time and again, has merged with a page whose free showed nothing, or is allocated.
 */
void LockStep::drop_passed_over(Zone& zone, const TraceEvent& event) {
  const auto taken_from = RecordedPages::free_block_at(zone, event.pfn);
  const auto order = zone.smallest_free(event.order, event.type);
  if (!taken_from || !order || taken_from->list != event.type || taken_from->order <= *order) {
    return;
  }
  note_skipped(zone, zone.first_free(*order, event.type), *order);
}

void LockStep::note_skipped(Zone& zone, Pfn head, Order order) {
  if (skipped_heads_.is_again(zone.slot(head).list(), head)) {
    counts_.corrections.add("passed_over");
    RecordedPages::seize(zone, head, order, Migratetype::movable, false);
  }
}

/** Compaction's fast searches rotate the lists they look through, and show nothing. */
void LockStep::turn_list(Zone& zone, const TraceEvent& event, Order order) {
  if (!counts_.before_compaction) {
    return;
  }
  while (zone.first_free(order, event.type) != event.pfn) {
    zone.move_free_block(zone.first_free(order, event.type), order, event.type);
  }
}

void LockStep::note_mismatch(const Zone& zone, const TraceEvent& event, Maybe<Order> found) {
  Mismatch mismatch;
  mismatch.time = event.time;
  mismatch.cpu = event.cpu;
  mismatch.order = event.order;
  mismatch.type = event.type;
  mismatch.kernel = event.pfn;
  mismatch.where = "not free in our lists";
  if (found) {
    mismatch.ours = zone.first_free(*found, event.type);
    mismatch.our_list = first_blocks(zone, *found, event.type);
  }
  if (const auto block = RecordedPages::free_block_at(zone, event.pfn)) {
    mismatch.where = fmt::format("in the block of order {} at {} on our {} list", block->order.value,
                                 block->head.value, name(block->list));
    mismatch.kernel_list = first_blocks(zone, block->order, block->list);
  }
  counts_.first_mismatch = std::move(mismatch);
}

/** Nobody compacts for a single page. */
bool LockStep::may_be_capture(const TraceEvent& event) const {
  return rules_.fallback_takes_page && event.order > Order{0} && event.order == event.fallback_order &&
         is_compacted_at(event.time);
}

/** 6.12 announces a block that direct compaction caught on its way to the lists as if it were a fallback. */
bool LockStep::is_capture(const Zone& zone, const TraceEvent& event) const {
  if (!may_be_capture(event)) {
    return false;
  }
  const auto block = RecordedPages::free_block_at(zone, event.pfn);
  if (!block) {
    return true;
  }
  return block->head == event.pfn && block->order == event.order &&
         zone.first_free(block->order, block->list) != event.pfn;
}

LockStep::Fallback LockStep::fall_back(Zone& zone, const TraceEvent& event, PlacementMode mode, bool after_removal) {
  const FallbackDecision ours = decide_fallback(zone, event, mode);
  const FallbackVerdict verdict = compare(ours, event);
  score_fallback(verdict, counts_.whole.fallbacks);
  empty_own_lists(zone, event, verdict);
  Fallback fallback;
  if (verdict.same_action()) {
    fallback.done = ours.placement;
  } else {
    counts_.corrections.add("fallback_decided_otherwise");
    if (steals_smaller(ours, event)) {
      note_skipped(zone, ours.placement->block, ours.placement->found);
    }
    fallback.done = recorded_fallback(zone, event, after_removal);
  }
  if (fallback.done) {
    fallback.is_open = move_for_fallback(zone, *fallback.done, event.order, event.type);
  } else {
    counts_.corrections.add("fallback_block_not_free");
  }
  return fallback;
}

/** The kernel would not fall back while its own lists have something. */
void LockStep::empty_own_lists(Zone& zone, const TraceEvent& event, const FallbackVerdict& verdict) {
  while (!verdict.own_list_empty) {
    const auto found = zone.smallest_free(event.order, event.type);
    if (!found || !kept_.hide(zone, zone.first_free(*found, event.type))) {
      return;
    }
    counts_.corrections.add("pageblock_reserved");
  }
}

void LockStep::extfrag(const TraceEvent& event) {
  CpuState& cpu = cpus_[event.cpu];
  if (std::exchange(cpu.explained, false)) {
    return;
  }
  Zone* zone = zone_of(event);
  if (zone == nullptr) {
    return;
  }
  was_capture_ = is_capture(*zone, event);
  if (was_capture_) {
    return counts_.skipped.add("captured_by_compaction");
  }
  const bool steals = cpu.stole && zone->contains(cpu.stole->pfn);
  const Fallback fallback = fall_back(*zone, event, steals ? PlacementMode::steal : PlacementMode::normal, false);
  if (!zone->rules().fallback_takes_page) {
    return;
  }
  vain_.note_cached(event);
  if (!fallback.done || fallback.is_open) {
    RecordedPages::seize(*zone, event.pfn, event.order, event.type, false);
  } else {
    zone->settle_taken(event.order, event.type);
    RecordedPages::label(*zone, event.pfn, event.order, event.type, false);
  }
  const bool stole = fallback.done && fallback.done->action == PlacementAction::take;
  cpu.stole = stole ? std::optional{event} : std::nullopt;
}

}  // namespace gbsim
