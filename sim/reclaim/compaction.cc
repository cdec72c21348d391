// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compaction.h"

#include <algorithm>

#include "sim/mm/fragmentation.h"

namespace gbsim {

namespace {

constexpr NrPages kUnlimited{std::uint64_t{1} << 60};

}  // namespace

bool has_room_to_compact(const Zone& zone, Order order, ZoneType highest, NrPages free) {
  const NrPages mark = (order > kCostlyOrder ? zone.low_wmark() : zone.min_wmark()) + order.pages() * 2;
  const WatermarkQuery query{Order{0}, mark.value, highest, AllocFlags{Watermark::min, AllocFlags::cma}};
  return zone.watermark_ok(query, static_cast<std::int64_t>(free.value));
}

Compaction::Compaction(Memory& memory, Migration& migration) : memory_(memory), migration_(migration) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    zones_.emplace_back(memory.zone(i));
  }
}

bool Compaction::suitable(const Zone& zone, Order order, ZoneType highest) const {
  if (!has_room_to_compact(zone, order, highest, zone.free_pages())) {
    return false;
  }
  if (order <= kCostlyOrder) {
    return true;
  }
  const int index = fragmentation_index(contig_info(zone, order), order);
  return index < 0 || index > static_cast<int>(memory_.tunables().extfrag_threshold);
}

std::optional<CompactOutcome> Compaction::verdict(const CompactRequest& request) const {
  const Zone& zone = *request.zone;
  if (!request.for_order()) {
    return std::nullopt;
  }
  const NrPages mark = zone.wmark(request.flags.watermark());
  if (zone.watermark_ok(request.order, mark, request.highest, request.flags)) {
    return CompactOutcome::success;
  }
  return suitable(zone, request.order, request.highest) ? std::nullopt : std::optional{CompactOutcome::skipped};
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
  for (Zone* zone : memory_.zonelist(node, highest)) {
    if (!thorough && cached(*zone).deferred(request.order)) {
      best = std::max(best, CompactOutcome::deferred);
      continue;
    }
    request.zone = zone;
    const CompactOutcome outcome = run(request);
    settle(request, outcome);
    best = std::max(best, outcome);
    const bool ran_out_of_time = request.mode == MigrateMode::async && outcome == CompactOutcome::contended;
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
