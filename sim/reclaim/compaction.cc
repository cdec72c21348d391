// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compaction.h"

#include <algorithm>

#include "sim/mm/fragmentation.h"
#include "sim/reclaim/compact_suitable.h"

namespace gbsim {

namespace {

constexpr NrPages kUnlimited{std::uint64_t{1} << 60};

/** After so much async work another task should run, and no further zone is tried: base_slice of sched/fair.c. */
constexpr Ns kSchedulerSlice{3'000'000};

/** Async work for a costly block that may not lie in CMA: free pages there would let it start in vain. */
bool lacks_room_outside_cma(const CompactRequest& request, NrPages mark) {
  const bool optimistic = request.order > kCostlyOrder && request.mode == MigrateMode::async;
  return optimistic && !request.flags.has(AllocFlags::cma) &&
         !request.zone->watermark_ok(Order{0}, mark + compact_gap(request.order), request.highest, AllocFlags{});
}

}  // namespace

Compaction::Compaction(Memory& memory, Migration& migration) : memory_(memory), migration_(migration) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    zones_.emplace_back(memory.zone(i));
  }
}

std::optional<CompactOutcome> Compaction::verdict(const CompactRequest& request) const {
  const Zone& zone = *request.zone;
  if (!request.for_order()) {
    return std::nullopt;
  }
  const NrPages mark = zone.wmark(request.flags.watermark());
  const bool whole_blocks = request.daemon && memory_.tunables().defrag_mode;
  const NrPages free = whole_blocks ? free_in_pageblocks(zone) : zone.free_pages();
  const WatermarkQuery wish{request.order, mark.value, request.highest, request.flags};
  if (zone.watermark_ok(wish, static_cast<std::int64_t>(free.value))) {
    return CompactOutcome::success;
  }
  if (lacks_room_outside_cma(request, mark) ||
      !compaction_suitable(zone, request.order, mark, request.highest, memory_.tunables())) {
    return CompactOutcome::skipped;
  }
  return std::nullopt;
}

void Compaction::settle(const CompactRequest& request, CompactOutcome outcome) {
  const bool came_to_nothing = outcome == CompactOutcome::complete || outcome == CompactOutcome::partial;
  if (outcome == CompactOutcome::success) {
    cached(*request.zone).reset_defer(request.order, false);
  } else if (came_to_nothing && request.mode != MigrateMode::async) {
    cached(*request.zone).defer(request.order);
  }
}

CompactOutcome Compaction::run(const CompactRequest& request) {
  if (const auto known = verdict(request)) {
    return *known;
  }
  CompactRun run(memory_, migration_, cached(*request.zone), request);
  while (run.advance(kUnlimited)) {
  }
  captured_ = run.captured();
  return run.outcome();
}

CompactOutcome Compaction::direct(NodeId node, ZoneType highest, const CompactRequest& like,
                                  CompactPriority priority) {
  CompactRequest request = like;
  request.direct = true;
  request.highest = highest;
  request.mode = priority == CompactPriority::async ? MigrateMode::async : MigrateMode::sync_light;
  const bool thorough = priority == CompactPriority::sync_full;
  request.whole_zone = request.ignore_skip = request.any_target = thorough;
  CompactOutcome best = CompactOutcome::skipped;
  const Ns slice_ends = memory_.meter().spent() + kSchedulerSlice;
  for (Zone* zone : memory_.zonelist(node, highest)) {
    if (!thorough && cached(*zone).deferred(request.order)) {
      best = std::max(best, CompactOutcome::deferred);
      continue;
    }
    request.zone = zone;
    const CompactOutcome outcome = run(request);
    settle(request, outcome);
    best = std::max(best, outcome);
    const bool ran_out_of_time = request.mode == MigrateMode::async && memory_.meter().spent() > slice_ends;
    if (outcome == CompactOutcome::success || ran_out_of_time) {
      break;
    }
  }
  return best;
}

void Compaction::compact_everything(CpuId cpu) {
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    CompactRequest request;
    request.zone = &memory_.zone(i);
    request.type = Migratetype::unmovable;  // GFP_KERNEL
    request.mode = MigrateMode::sync;
    request.cpu = cpu;
    request.whole_zone = true;
    request.ignore_skip = true;
    run(request);
  }
}

void Compaction::reset_skip_bits(NodeId node) {
  for (Zone* zone : memory_.zones_of(node)) {
    cached(*zone).reset_isolation_suitable(*zone);
  }
}

void Compaction::paid_off(Pfn pfn, Order order) {
  CompactZone& zone = cached(memory_.zone_of(pfn));
  zone.flush_skip_bits = false;
  zone.reset_defer(order, true);
}

}  // namespace gbsim
