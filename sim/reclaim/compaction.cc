// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compaction.h"

#include <algorithm>

#include "sim/mm/fragmentation.h"

namespace gbsim {

namespace {

constexpr unsigned kMaxDeferShift = 6;  // COMPACT_MAX_DEFER_SHIFT
constexpr Order kCostlyOrder{3};        // PAGE_ALLOC_COSTLY_ORDER
constexpr NrPages kUnlimited{std::uint64_t{1} << 60};

MigrateMode mode_of(CompactPriority priority) {
  switch (priority) {
    case CompactPriority::async:
      return MigrateMode::async;
    case CompactPriority::sync_light:
      return MigrateMode::sync_light;
    case CompactPriority::sync_full:
      break;
  }
  return MigrateMode::sync;
}

}  // namespace

Compaction::Compaction(Memory& memory, Migration& migration) : memory_(memory), migration_(migration) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    const Zone& zone = memory.zone(i);
    zones_.push_back(CompactZone{zone.start(), zone.start(), zone.end()});
  }
}

bool Compaction::suitable(const Zone& zone, Order order) const {
  const NrPages gap = order.pages() * 2;
  const NrPages mark = (order > kCostlyOrder ? zone.low_wmark() : zone.min_wmark()) + gap;
  if (!zone.watermark_ok(Order{0}, mark, zone.type(), AllocFlags{})) {
    return false;
  }
  if (order <= kCostlyOrder) {
    return true;
  }
  const int index = fragmentation_index(contig_info(zone, order), order);
  return index < 0 || index > static_cast<int>(memory_.tunables().extfrag_threshold);
}

bool Compaction::deferred(const Zone& zone, Order order) {
  CompactZone& cached = zones_[zone.index()];
  if (cached.defer_shift == 0 || order < cached.order_failed) {
    return false;
  }
  const unsigned limit = 1U << cached.defer_shift;
  cached.considered = std::min(cached.considered + 1, limit);
  return cached.considered < limit;
}

void Compaction::defer(CompactZone& zone, Order order) {
  zone.considered = 0;
  zone.defer_shift = std::min(zone.defer_shift + 1, kMaxDeferShift);
  zone.order_failed = zone.defer_shift == 1 ? order : std::min(zone.order_failed, order);
}

void Compaction::reset_defer(CompactZone& zone, Order order) {
  zone.considered = 0;
  zone.defer_shift = 0;
  zone.order_failed = std::max(zone.order_failed, order.next());
}

void Compaction::settle(const CompactRequest& request, CompactOutcome outcome) {
  CompactZone& cached = zones_[request.zone->index()];
  if (outcome == CompactOutcome::success) {
    reset_defer(cached, request.order);
  } else if (outcome == CompactOutcome::complete && request.mode != MigrateMode::async) {
    defer(cached, request.order);
  }
}

CompactOutcome Compaction::run(const CompactRequest& request) {
  CompactRun run(memory_, migration_, zones_[request.zone->index()], request);
  while (run.advance(kUnlimited)) {
  }
  settle(request, run.outcome());
  return run.outcome();
}

CompactOutcome Compaction::direct(NodeId node, ZoneType highest, const CompactRequest& like,
                                  CompactPriority priority) {
  CompactOutcome best = CompactOutcome::skipped;
  for (Zone* zone : memory_.zonelist(node, highest)) {
    if (priority != CompactPriority::sync_full && deferred(*zone, like.order)) {
      best = std::max(best, CompactOutcome::deferred);
      continue;
    }
    if (!suitable(*zone, like.order)) {
      continue;
    }
    CompactRequest request = like;
    request.zone = zone;
    request.direct = true;
    request.mode = mode_of(priority);
    request.whole_zone = priority == CompactPriority::sync_full;
    request.ignore_skip = priority == CompactPriority::sync_full;
    best = std::max(best, run(request));
    // An async caller gives up at the first zone: it is better off with what it can have without waiting.
    if (best == CompactOutcome::success || request.mode == MigrateMode::async) {
      break;
    }
  }
  return best;
}

void Compaction::compact_everything(CpuId cpu) {
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    CompactRequest request;
    request.zone = &memory_.zone(i);
    request.mode = MigrateMode::sync;
    request.cpu = cpu;
    request.whole_zone = true;
    request.ignore_skip = true;
    CompactRun whole(memory_, migration_, zones_[i], request);
    while (whole.advance(kUnlimited)) {
    }
  }
}

void Compaction::reset_skip_bits(NodeId node) {
  for (Zone* zone : memory_.zones_of(node)) {
    if (!zones_[zone->index()].flush_skip_bits) {
      continue;
    }
    for (std::size_t i = 0; i < zone->nr_pageblocks(); ++i) {
      zone->pageblock_at(i).skip = false;
    }
    zones_[zone->index()].flush_skip_bits = false;
  }
}

}  // namespace gbsim
