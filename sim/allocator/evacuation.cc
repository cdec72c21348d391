// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/evacuation.h"

#include <algorithm>
#include <functional>

namespace gbsim {

namespace {

constexpr int kMigrateTries = 5;  // of one range: __alloc_contig_migrate_range()

/** alloc_migration_target() of base pages and of large folios, which must not reclaim for a target. */
constexpr Gfp kBaseTarget = gfp::kUser.with(Gfp::highmem | Gfp::movable | Gfp::retry_mayfail | Gfp::nowarn);
constexpr Gfp kLargeTarget = gfp::kTranshuge.with(Gfp::noretry);

}  // namespace

std::vector<GigablockId> clean_candidates(const Zone& zone, ContigOrder order, unsigned most) {
  const GigablockIndex& index = *zone.gigablocks();
  std::vector<GigablockId> ids;
  for (const GigablockCategory category : {GigablockCategory::empty, GigablockCategory::clean}) {
    index.for_each(category, [&](GigablockId id) {
      if (zone.is_whole_gigablock(id)) {
        ids.push_back(id);
      }
      return true;
    });
  }
  if (order == ContigOrder::address) {
    std::ranges::sort(ids);
  } else {
    std::ranges::stable_sort(ids, std::greater{}, [&](GigablockId id) { return index.counts(id).free_pages; });
  }
  ids.resize(std::min<std::size_t>(ids.size(), most));
  return ids;
}

void retype_pageblock(Zone& zone, Pfn start, Migratetype to) {
  const Pageblock& block = zone.pageblock(start);
  if (!zone.rules().accounts_each_take) {
    zone.account_free(-std::int64_t{block.free}, block.type);
    zone.account_free(std::int64_t{block.free}, to);
  }
  zone.move_freepages(start, to);
  zone.set_pageblock_type(start, to);
}

Evacuation::Evacuation(PageAllocator& allocator, Migration& migration, bool may_reclaim)
    : allocator_(allocator), memory_(allocator.memory()), migration_(migration), may_reclaim_(may_reclaim) {}

Evacuation::Refusal Evacuation::empty_pageblock(Zone& zone, Pfn start, Migratetype then, CpuId cpu) {
  zone.run_on(cpu);
  retype_pageblock(zone, start, Migratetype::isolate);
  const Refusal refusal = vacate(zone, start, start + zone.orders().pageblock.pages(), cpu);
  zone.run_on(cpu);
  retype_pageblock(zone, start, then);
  return refusal;
}

std::uint64_t Evacuation::move_movable_out(Zone& zone, Pfn start, CpuId cpu) {
  const std::uint64_t before = pages_migrated_;
  const Migratetype type = zone.pageblock(start).type;
  zone.run_on(cpu);
  retype_pageblock(zone, start, Migratetype::isolate);  // or targets would be found where they come from
  clear_out(zone, start, start + zone.orders().pageblock.pages(), cpu);
  zone.run_on(cpu);
  retype_pageblock(zone, start, type);
  return pages_migrated_ - before;
}

void Evacuation::clear_out(Zone& zone, Pfn first, Pfn until, CpuId cpu) {
  Refusal last;
  for (Pfn at = first; at < until && last != ContigFailure::no_target;) {
    const PageView view = zone.view(at);
    const NrPages size = size_of(view);
    const bool may_go =
        view.kind == PageKind::folio_head && migration_.can_try(memory_.folios()[view.folio], MigrateMode::async);
    last = may_go ? move_out(view.folio, cpu) : std::nullopt;
    at += size;
  }
}

Evacuation::Refusal Evacuation::vacate(Zone& zone, Pfn first, Pfn until, CpuId cpu) {
  for (Pfn at = first; at < until;) {
    const PageView view = zone.view(at);
    const NrPages size = size_of(view);
    if (const Refusal refusal = vacate_block(view, cpu)) {
      return refusal;
    }
    at += size;
  }
  return std::nullopt;
}

Evacuation::Refusal Evacuation::vacate_block(const PageView& view, CpuId cpu) {
  if (view.kind == PageKind::folio_head) {
    return move_out(view.folio, cpu);
  }
  const bool is_free = view.kind == PageKind::free_head || view.kind == PageKind::tail;
  return is_free ? std::nullopt : Refusal{ContigFailure::busy};
}

NrPages Evacuation::size_of(const PageView& view) const {
  if (view.kind == PageKind::folio_head) {
    return memory_.folios()[view.folio].order.pages();
  }
  return view.kind == PageKind::free_head ? view.order.pages() : NrPages{1};
}

Maybe<Pfn> Evacuation::target_for(const Folio& folio, CpuId cpu) {
  const Gfp like = folio.order > Order{0} ? kLargeTarget : kBaseTarget;
  const Gfp gfp = may_reclaim_ ? like : like.without(Gfp::direct_reclaim);
  return allocator_.alloc_pages(PageRequest{folio.order, gfp, cpu, memory_.node_of(folio)});
}

Evacuation::Refusal Evacuation::move_out(FolioId id, CpuId cpu) {
  const Order order = memory_.folios()[id].order;
  const Pfn from = memory_.folios()[id].pfn;
  const Maybe<Pfn> target = target_for(memory_.folios()[id], cpu);
  if (!memory_.folios().is_live(id) || memory_.folios()[id].pfn != from) {
    if (target) {
      memory_.free_pages(*target, order, cpu);  // making room for the target took the folio itself away
    }
    return std::nullopt;
  }
  if (!target) {
    return order > Order{0} ? move_parts_out(id, cpu) : ContigFailure::no_target;
  }
  MigrateOutcome outcome = MigrateOutcome::busy;
  for (int tries = 0; tries < kMigrateTries && outcome == MigrateOutcome::busy; ++tries) {
    outcome = migration_.migrate(id, *target, MigrateMode::sync, cpu);
  }
  if (outcome == MigrateOutcome::migrated) {
    pages_migrated_ += order.pages().value;
    return std::nullopt;
  }
  memory_.free_pages(*target, order, cpu);
  return outcome == MigrateOutcome::pinned ? ContigFailure::pinned : ContigFailure::busy;
}

Evacuation::Refusal Evacuation::move_parts_out(FolioId id, CpuId cpu) {
  memory_.meter().charge(WorkKind::split_folio);
  for (const FolioId part : memory_.split_folio(id)) {
    const Refusal refusal = memory_.folios().is_live(part) ? move_out(part, cpu) : std::nullopt;
    if (refusal) {
      return refusal;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
