// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <optional>

#include "sim/mm/fragmentation.h"
#include "sim/reclaim/compaction.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kClusterMax = 32;  // COMPACT_CLUSTER_MAX

std::size_t block_index(const Zone& zone, Pfn pfn) {
  return (pfn.value - zone.pageblock_start(0).value) >> zone.orders().pageblock.value;
}

/** The first pageblocks that the cached positions name; a whole-zone run starts from both ends. */
std::size_t first_source(const Zone& zone, const CompactZone& cached, const CompactRequest& request) {
  if (request.whole_zone) {
    return 0;
  }
  const Pfn from = request.mode == MigrateMode::async ? cached.migrate_async : cached.migrate_sync;
  return from > zone.start() && from < zone.end() ? block_index(zone, from) : 0;
}

std::size_t first_target(const Zone& zone, const CompactZone& cached, const CompactRequest& request) {
  const bool usable = !request.whole_zone && cached.free > zone.start() && cached.free <= zone.end();
  return usable ? block_index(zone, cached.free - NrPages{1}) + 1 : zone.nr_pageblocks();
}

}  // namespace

CompactRun::CompactRun(Memory& memory, Migration& migration, CompactZone& cached, const CompactRequest& request)
    : memory_(memory),
      migration_(migration),
      cached_(cached),
      request_(request),
      zone_(*request.zone),
      migrate_block_(first_source(zone_, cached, request)),
      free_block_(first_target(zone_, cached, request)),
      targets_(zone_.orders().max.value + 1U) {
  request_.whole_zone = request.whole_zone || (migrate_block_ == 0 && free_block_ == zone_.nr_pageblocks());
  if (cached_.flush_skip_bits || migrate_block_ >= free_block_) {
    for (std::size_t i = 0; i < zone_.nr_pageblocks(); ++i) {
      zone_.pageblock_at(i).skip = false;
    }
    cached_.flush_skip_bits = false;
    migrate_block_ = 0;
    free_block_ = zone_.nr_pageblocks();
  }
}

CompactRun::~CompactRun() {
  give_back_targets();
}

bool CompactRun::scanners_met() const {
  return migrate_block_ >= free_block_;
}

// Async work for a movable request stays in movable blocks; others take what the request's type may use.
bool CompactRun::suitable_source(const Pageblock& block) const {
  if (block.migratable == 0 || (block.skip && !request_.ignore_skip)) {
    return false;
  }
  if (request_.mode != MigrateMode::async || !request_.direct) {
    return true;
  }
  const bool movable = block.type == Migratetype::movable || block.type == Migratetype::cma;
  return request_.type == Migratetype::movable ? movable : block.type == request_.type;
}

bool CompactRun::suitable_target(const Pageblock& block, Pfn start) const {
  if (block.free == 0 || (block.skip && !request_.ignore_skip)) {
    return false;
  }
  if (zone_.is_free_block(start, zone_.orders().pageblock)) {
    return false;
  }
  return block.type == Migratetype::movable || block.type == Migratetype::cma;
}

bool CompactRun::satisfied() const {
  if (request_.until_score != 0) {
    return fragmentation_score(zone_) <= request_.until_score;
  }
  if (request_.whole_zone && request_.order.value == 0) {
    return false;
  }
  for (Order order = request_.order; order <= zone_.orders().max; ++order) {
    if (zone_.has_free(order, request_.type)) {
      return true;
    }
    const bool claimable = order >= zone_.orders().pageblock || request_.type != Migratetype::movable;
    if (claimable && zone_.has_free(order, Migratetype::movable)) {
      return true;
    }
  }
  return false;
}

void CompactRun::count_scanned(std::uint64_t migrate, std::uint64_t free) {
  Vmstat& vmstat = memory_.vmstat();
  vmstat.add(VmEvent::compact_migrate_scanned, migrate);
  vmstat.add(VmEvent::compact_free_scanned, free);
  if (!request_.direct) {
    vmstat.add(VmEvent::compact_daemon_migrate_scanned, migrate);
    vmstat.add(VmEvent::compact_daemon_free_scanned, free);
  }
  memory_.meter().charge(WorkKind::compact_scan, migrate + free);
  looked_at_ += migrate + free;
}

void CompactRun::consider(FolioId id) {
  const Folio& folio = memory_.folios()[id];
  // Moving a folio as large as the wish gains nothing.
  const Order limit = request_.order.value == 0 ? zone_.orders().pageblock : request_.order;
  if (folio.order >= limit || !migration_.can_try(folio, request_.mode)) {
    return;
  }
  sources_.push_back(id);
  source_pages_ += folio.order.pages().value;
}

void CompactRun::collect_from(std::size_t index) {
  const Pfn first = std::max(zone_.pageblock_start(index), zone_.start());
  const Pfn end = std::min(zone_.pageblock_start(index) + zone_.orders().pageblock.pages(), zone_.end());
  std::uint64_t scanned = 0;
  for (Pfn pfn = first; pfn < end;) {
    const PageView view = zone_.view(pfn);
    ++scanned;
    NrPages step{1};
    if (view.kind == PageKind::free_head || view.kind == PageKind::raw_head) {
      step = view.order.pages();
    } else if (view.kind == PageKind::folio_head) {
      step = memory_.folios()[view.folio].order.pages();
      consider(view.folio);
    }
    pfn += step;
  }
  count_scanned(scanned, 0);
}

void CompactRun::collect_sources() {
  sources_.clear();
  source_pages_ = 0;
  std::uint64_t passed = 0;
  while (!scanners_met() && sources_.empty() && passed < 1024) {
    Pageblock& block = zone_.pageblock_at(migrate_block_);
    if (suitable_source(block)) {
      collect_from(migrate_block_);
      block.skip = block.skip || sources_.empty();
    }
    ++migrate_block_;
    ++passed;
  }
  Pfn& position = request_.mode == MigrateMode::async ? cached_.migrate_async : cached_.migrate_sync;
  position = std::max(position, std::min(zone_.pageblock_start(migrate_block_), zone_.end()));
  cached_.migrate_async = std::max(cached_.migrate_async, position);
}

void CompactRun::isolate_targets_in(std::size_t index) {
  const Pfn first = std::max(zone_.pageblock_start(index), zone_.start());
  const Pfn end = std::min(zone_.pageblock_start(index) + zone_.orders().pageblock.pages(), zone_.end());
  std::uint64_t scanned = 0;
  std::uint64_t isolated = 0;
  for (Pfn pfn = first; pfn < end;) {
    const PageView view = zone_.view(pfn);
    ++scanned;
    if (view.kind != PageKind::free_head) {
      pfn += view.kind == PageKind::folio_head ? memory_.folios()[view.folio].order.pages() : NrPages{1};
      continue;
    }
    if (!zone_.isolate_free_block(pfn, view.order)) {
      break;  // at the min watermark: no more targets
    }
    targets_[view.order.value].push_back(pfn);
    isolated += view.order.pages().value;
    pfn += view.order.pages();
  }
  count_scanned(0, scanned);
  memory_.meter().charge(WorkKind::isolate_free_page, isolated);
  memory_.vmstat().add(VmEvent::compact_isolated, isolated);
  target_pages_ += isolated;
  zone_.pageblock_at(index).skip = zone_.pageblock_at(index).skip || isolated == 0;
}

void CompactRun::collect_targets() {
  std::uint64_t passed = 0;
  while (target_pages_ < source_pages_ && migrate_block_ < free_block_ && passed < 4096) {
    --free_block_;
    ++passed;
    const Pfn start = zone_.pageblock_start(free_block_);
    if (start >= zone_.start() && suitable_target(zone_.pageblock_at(free_block_), start)) {
      isolate_targets_in(free_block_);
    }
  }
  cached_.free = std::clamp(zone_.pageblock_start(free_block_), zone_.start() + NrPages{1}, zone_.end());
}

std::optional<Pfn> CompactRun::take_target(Order order) {
  Order found = order;
  while (found <= zone_.orders().max && targets_[found.value].empty()) {
    ++found;
  }
  if (found > zone_.orders().max) {
    return std::nullopt;
  }
  const Pfn pfn = targets_[found.value].back();
  targets_[found.value].pop_back();
  target_pages_ -= order.pages().value;
  for (; found > order; --found) {
    zone_.split_raw(pfn, found, found.prev());
    targets_[found.prev().value].push_back(pfn + found.prev().pages());
  }
  return pfn;
}

void CompactRun::migrate_collected() {
  for (const FolioId id : sources_) {
    if (!memory_.folios().is_live(id)) {
      continue;
    }
    const Order order = memory_.folios()[id].order;
    const std::optional<Pfn> target = take_target(order);
    if (!target) {
      continue;
    }
    if (migration_.migrate(id, *target, request_.mode, request_.cpu) == MigrateOutcome::migrated) {
      ++migrated_;
    } else {
      targets_[order.value].push_back(*target);
      target_pages_ += order.pages().value;
    }
  }
  if (!sources_.empty()) {
    // What was just emptied sits on this CPU's lists, where it cannot merge.
    memory_.drain_pcp(request_.cpu);
  }
}

void CompactRun::give_back_targets() {
  for (Order order{0}; order <= zone_.orders().max; ++order) {
    for (const Pfn pfn : targets_[order.value]) {
      zone_.putback_raw(pfn, order);
    }
    targets_[order.value].clear();
  }
  target_pages_ = 0;
}

void CompactRun::finish(CompactOutcome outcome) {
  give_back_targets();
  outcome_ = outcome;
}

bool CompactRun::advance(NrPages budget) {
  const std::uint64_t stop = looked_at_ + budget.value;
  while (looked_at_ < stop) {
    if (scanners_met()) {
      cached_.migrate_async = zone_.start();
      cached_.migrate_sync = zone_.start();
      cached_.free = zone_.end();
      cached_.flush_skip_bits = cached_.flush_skip_bits || !request_.direct;
      finish(request_.whole_zone ? CompactOutcome::complete : CompactOutcome::partial);
      return false;
    }
    if (satisfied()) {
      finish(CompactOutcome::success);
      return false;
    }
    collect_sources();
    collect_targets();
    migrate_collected();
    looked_at_ += kClusterMax;  // passing over blocks is not free either
  }
  return true;
}

}  // namespace gbsim
