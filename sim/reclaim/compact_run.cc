// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_run.h"

#include <algorithm>

#include "sim/mm/fallback_lists.h"
#include "sim/mm/fragmentation.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

CompactRun::CompactRun(Memory& memory, Migration& migration, CompactZone& cached, const CompactRequest& request)
    : memory_(memory),
      migration_(migration),
      control_{memory, *request.zone, cached, request},
      sources_(control_, migration),
      targets_(control_, migration) {
  control_.search_order = request.order;
  if (request.for_order() && cached.restarting(request.order)) {
    cached.reset_isolation_suitable(control_.zone);
  }
  place_scanners();
  trace_run();
}

/** Its beginning, and its end once there is an outcome. */
void CompactRun::trace_run() const {
  if (TracepointSink* sink = memory_.tracepoints()) {
    const std::optional<std::string_view> status = outcome_ ? std::optional{name(*outcome_)} : std::nullopt;
    sink->tracepoint(tracepoint::CompactZoneRun{control_.zone.start(), control_.migrate_pfn, control_.free_pfn,
                                                control_.zone.end(), !control_.async(), status});
  }
}

void CompactRun::place_scanners() {
  const Zone& zone = control_.zone;
  CompactZone& cached = control_.cached;
  if (control_.request.whole_zone) {
    control_.migrate_pfn = zone.start();
    control_.free_pfn = last_pageblock(zone);
    return;
  }
  if (!zone.contains(cached.free)) {
    cached.free = last_pageblock(zone);
  }
  Pfn& from = control_.async() ? cached.migrate_async : cached.migrate_sync;
  if (!zone.contains(from)) {
    cached.migrate_async = cached.migrate_sync = zone.start();
  }
  control_.migrate_pfn = from;
  control_.free_pfn = cached.free;
  control_.request.whole_zone = from <= cached.first_source;
  sync_cached_ = control_.async() && cached.migrate_async == cached.migrate_sync;
}

bool CompactRun::advance(NrPages budget) {
  const std::uint64_t stop = control_.looked_at + budget.value;
  while (!outcome_) {
    if (control_.looked_at >= stop) {
      return true;
    }
    iterate();
  }
  return false;
}

void CompactRun::iterate() {
  if (const auto outcome = finished()) {
    return finish(*outcome);
  }
  control_.finish_pageblock = last_migrated_ && *last_migrated_ == control_.block_of(control_.migrate_pfn);
  ++control_.looked_at;
  if (!move_some()) {
    return;
  }
  capture();
  if (captured_) {
    return finish(CompactOutcome::success);
  }
  drain_if_passed();
}

bool CompactRun::move_some() {
  for (;;) {
    if (!sources_.isolate()) {
      control_.cached.migrate_sync = sync_cached_ ? control_.cached.migrate_async : control_.cached.migrate_sync;
      return true;
    }
    sync_cached_ = false;
    last_migrated_ = control_.block_of(control_.migrate_pfn - NrPages{1});
    const Migrated result = migrate_isolated();
    if (result == Migrated::no_target && !control_.scanners_met()) {
      finish(CompactOutcome::contended);
      return false;
    }
    if (result == Migrated::all || !should_finish_pageblock()) {
      return true;
    }
    control_.finish_pageblock = true;
    if (control_.request.order == control_.zone.orders().pageblock) {
      last_migrated_.reset();  // the pageblock will not be free, however much is drained
    }
  }
}

/** The rest of a pageblock that will not become free is tried at once, so that it can be marked. */
bool CompactRun::should_finish_pageblock() const {
  return control_.migrate_pfn != control_.block_of(control_.migrate_pfn) && !control_.request.ignore_skip &&
         !control_.finish_pageblock && control_.request.mode != MigrateMode::sync;
}

CompactRun::Migrated CompactRun::migrate_isolated() {
  Migrated result = Migrated::all;
  const NrPages wanted{control_.nr_sources};
  const std::uint64_t before = migrated_;
  for (const FolioId id : sources_.folios()) {
    const Migrated one = result == Migrated::no_target ? Migrated::no_target : migrate(id);
    if (one != Migrated::all && memory_.folios().is_live(id)) {
      migration_.putback(id);
    }
    result = std::max(result, one);
  }
  sources_.folios().clear();
  control_.nr_sources = 0;
  if (TracepointSink* sink = memory_.tracepoints()) {
    const NrPages moved{migrated_ - before};
    sink->tracepoint(tracepoint::CompactMigrate{moved, wanted - std::min(wanted, moved)});
  }
  return result;
}

CompactRun::Migrated CompactRun::migrate(FolioId id) {
  const Folio& folio = memory_.folios()[id];
  const Order order = folio.order;
  const Pfn chunk = folio.pfn.align_down(control_.request.order);
  const auto target = targets_.take(order);
  if (!target) {
    return order > Order{0} ? migrate_parts(id) : Migrated::no_target;
  }
  if (migration_.migrate(id, *target, control_.request.mode, control_.request.cpu) != MigrateOutcome::migrated) {
    targets_.give_back(*target, order);
    return Migrated::some;
  }
  migrated_ += order.pages().value;
  if (control_.request.direct && (emptied_.empty() || emptied_.back() != chunk)) {
    emptied_.push_back(chunk);
  }
  return Migrated::all;
}

CompactRun::Migrated CompactRun::migrate_parts(FolioId id) {
  Migrated result = Migrated::all;
  for (const FolioId part : migration_.split(id)) {
    result = result == Migrated::no_target ? result : std::max(result, migrate(part));
  }
  return result;
}

bool CompactRun::score_reached() const {
  return fragmentation_score(control_.zone) <= control_.request.until_score;
}

std::optional<CompactOutcome> CompactRun::finished() {
  CompactControl& c = control_;
  if (c.scanners_met()) {
    c.cached.reset_positions(c.zone);
    c.cached.flush_skip_bits = c.cached.flush_skip_bits || c.request.direct;
    return c.request.whole_zone ? CompactOutcome::complete : CompactOutcome::partial;
  }
  if (c.request.proactive()) {
    if (c.zone.reclaim_active()) {
      return CompactOutcome::partial;
    }
    return score_reached() ? std::optional{CompactOutcome::success} : std::nullopt;
  }
  if (!c.request.for_order() || c.migrate_pfn != c.block_of(c.migrate_pfn)) {
    return std::nullopt;
  }
  if (has_suitable_page()) {
    return CompactOutcome::success;
  }
  return c.contended ? std::optional{CompactOutcome::contended} : std::nullopt;
}

// vm.defrag_mode: the daemon works until whole pageblocks alone satisfy the high watermark.
bool CompactRun::has_watermark_in_blocks() const {
  const Zone& zone = control_.zone;
  const WatermarkQuery query{control_.request.order, zone.high_wmark().value, control_.request.highest, {}};
  return zone.watermark_ok(query, static_cast<std::int64_t>(free_in_pageblocks(zone).value));
}

bool CompactRun::has_suitable_page() const {
  const Zone& zone = control_.zone;
  const Migratetype type = control_.request.type;
  if (control_.request.daemon && memory_.tunables().defrag_mode) {
    return has_watermark_in_blocks();
  }
  if (zone.gigablocks() != nullptr && type == Migratetype::movable) {
    return zone.gigablocks()->any_for_movable(control_.request.order);
  }
  if (zone.smallest_free(control_.request.order, type)) {
    return true;
  }
  if (zone.is_confined()) {
    return false;
  }
  if (type == Migratetype::movable && zone.smallest_free(control_.request.order, Migratetype::cma)) {
    return true;
  }
  for (Order order = control_.request.order; order <= zone.orders().max; ++order) {
    if (may_claim(zone, order, type) && fallback_list(zone, order, type)) {
      return true;
    }
  }
  return false;
}

void CompactRun::drain_if_passed() {
  if (!control_.request.for_order() || !last_migrated_ ||
      *last_migrated_ >= control_.migrate_pfn.align_down(control_.request.order)) {
    return;
  }
  memory_.drain_pcp(control_.request.cpu);
  last_migrated_.reset();
  capture();
}

/** A block of the wanted order that merged from what migration freed belongs to the caller: compaction_capture(). */
void CompactRun::capture() {
  for (const Pfn chunk : emptied_) {
    captured_ = captured_ ? captured_ : capture_at(chunk);
  }
  if (emptied_.size() > 1) {
    emptied_.erase(emptied_.begin(), emptied_.end() - 1);
  }
}

Maybe<Pfn> CompactRun::capture_at(Pfn chunk) {
  Zone& zone = control_.zone;
  const CompactRequest& request = control_.request;
  Order found = request.order;
  while (found <= zone.orders().max && !zone.is_free_block(chunk.align_down(found), found)) {
    ++found;
  }
  if (found > zone.orders().max) {
    return std::nullopt;
  }
  const Pfn head = chunk.align_down(found);
  const Migratetype list = zone.slot(head).list();
  const bool pollutes = request.order < zone.orders().pageblock && list == Migratetype::movable &&
                        request.type != Migratetype::movable;
  const bool trespasses = zone.is_confined() && confines(list) != (request.type != Migratetype::movable);
  if (list == Migratetype::cma || list == Migratetype::isolate || pollutes || trespasses) {
    return std::nullopt;
  }
  zone.run_on(request.cpu);
  zone.take_block(head, found, request.order, list);
  if (!zone.rules().accounts_each_take) {
    zone.account_free(-static_cast<std::int64_t>(request.order.pages().value), list);
  }
  zone.set_raw(head, request.order, request.type, request.type == Migratetype::movable);
  return head;
}

void CompactRun::finish(CompactOutcome outcome) {
  targets_.release();
  capture();
  outcome_ = captured_ ? CompactOutcome::success : outcome;
  trace_run();
}

}  // namespace gbsim
