// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/contig.h"

#include "sim/mm/pageblock.h"

namespace gbsim {

namespace {

constexpr int kMigrateTries = 5;  // of one range: __alloc_contig_migrate_range()
/** Reading the struct pages of a pageblock in sequence, in units of one page looked at by a compaction scanner. */
constexpr std::uint64_t kLookAtPageblock = 64;

/** alloc_migration_target() of base pages and of large folios, which must not reclaim for a target. */
constexpr Gfp kBaseTarget = gfp::kUser.with(Gfp::highmem | Gfp::movable | Gfp::retry_mayfail | Gfp::nowarn);
constexpr Gfp kLargeTarget = gfp::kTranshuge.with(Gfp::noretry);

Pfn end_of_gigablock(const Zone& zone, Pfn first) { return first + zone.orders().gigablock.pages(); }

/** All free memory of the pageblock changes lists and the pageblock its type; NR_FREE_PAGES without isolated ones. */
void retype(Zone& zone, Pfn start, Migratetype to) {
  const Pageblock& block = zone.pageblock(start);
  if (!zone.rules().accounts_each_take) {
    zone.account_free(-std::int64_t{block.free}, block.type);
    zone.account_free(std::int64_t{block.free}, to);
  }
  zone.move_freepages(start, to);
  zone.set_pageblock_type(start, to);
}

void retype_range(Zone& zone, Pfn first, Migratetype to) {
  for (Pfn at = first; at < end_of_gigablock(zone, first); at += zone.orders().pageblock.pages()) {
    retype(zone, at, to);
  }
}

}  // namespace

Contig::Contig(PageAllocator& allocator, Migration& migration)
    : allocator_(allocator),
      memory_(allocator.memory()),
      migration_(migration),
      owner_(memory_.folios().register_owner(*this)) {}

std::optional<Pfn> Contig::allocate_1g(NodeId node, CpuId cpu) {
  const Ns start = memory_.meter().spent();
  ++stats_.requested;
  const std::optional<Pfn> got = search(node, cpu);
  stats_.latency.add(static_cast<std::uint64_t>((memory_.meter().spent() - start).count()));
  if (got) {
    ++stats_.allocated;
    held_.push_back(*got);
  }
  return got;
}

std::optional<Pfn> Contig::search(NodeId node, CpuId cpu) {
  for (Zone* zone : memory_.zonelist(node, ZoneType::movable)) {
    if (const auto got = search_zone(*zone, cpu)) {
      return got;
    }
  }
  return std::nullopt;
}

std::optional<Pfn> Contig::search_zone(Zone& zone, CpuId cpu) {
  for (std::uint32_t i = 0; i < zone.nr_gigablocks(); ++i) {
    const GigablockId range{i};
    if (!zone.is_whole_gigablock(range)) {
      continue;
    }
    const Refusal refusal = convert(zone, range, cpu);
    if (!refusal) {
      return zone.gigablock_start(range);
    }
    ++stats_.ranges_refused[static_cast<std::size_t>(*refusal)];
  }
  return std::nullopt;
}

Contig::Refusal Contig::convert(Zone& zone, GigablockId range, CpuId cpu) {
  if (const Refusal refusal = unfit(zone, range)) {
    return refusal;
  }
  const Pfn first = zone.gigablock_start(range);
  memory_.drain_all_pcp();
  zone.run_on(cpu);
  retype_range(zone, first, Migratetype::isolate);
  const Refusal refusal = vacate(zone, first, cpu);
  zone.run_on(cpu);
  if (!refusal) {
    take(zone, first);
  }
  retype_range(zone, first, Migratetype::movable);
  return refusal;
}

bool Contig::is_gigantic(const Zone& zone, Pfn first) const {
  const PageView view = zone.view(first);
  return view.kind == PageKind::folio_head && memory_.folios()[view.folio].owner == owner_;
}

Contig::Refusal Contig::unfit(const Zone& zone, GigablockId range) const {
  const Pfn first = zone.gigablock_start(range);
  if (is_gigantic(zone, first)) {
    return ContigFailure::gigantic;
  }
  for (Pfn at = first; at < end_of_gigablock(zone, first); at += zone.orders().pageblock.pages()) {
    memory_.meter().charge(WorkKind::compact_scan, kLookAtPageblock);
    const Pageblock& block = zone.pageblock(at);
    if (block.reserved != 0) {
      return ContigFailure::reserved;
    }
    if (block.allocated() != block.migratable || !is_mergeable(block.type)) {
      return ContigFailure::unmovable;
    }
  }
  return std::nullopt;
}

Contig::Refusal Contig::vacate(Zone& zone, Pfn first, CpuId cpu) {
  for (Pfn at = first; at < end_of_gigablock(zone, first);) {
    const PageView view = zone.view(at);
    const NrPages size = size_of(view);
    if (const Refusal refusal = vacate_block(view, cpu)) {
      return refusal;
    }
    at += size;
  }
  return std::nullopt;
}

Contig::Refusal Contig::vacate_block(const PageView& view, CpuId cpu) {
  if (view.kind == PageKind::folio_head) {
    return move_out(view.folio, cpu);
  }
  const bool is_free = view.kind == PageKind::free_head || view.kind == PageKind::tail;
  return is_free ? std::nullopt : Refusal{ContigFailure::busy};
}

NrPages Contig::size_of(const PageView& view) const {
  if (view.kind == PageKind::folio_head) {
    return memory_.folios()[view.folio].order.pages();
  }
  return view.kind == PageKind::free_head ? view.order.pages() : NrPages{1};
}

std::optional<Pfn> Contig::target_for(const Folio& folio, CpuId cpu) {
  const Gfp gfp = folio.order > Order{0} ? kLargeTarget : kBaseTarget;
  return allocator_.alloc_pages(PageRequest{folio.order, gfp, cpu, memory_.node_of(folio)});
}

Contig::Refusal Contig::move_out(FolioId id, CpuId cpu) {
  const Order order = memory_.folios()[id].order;
  const Pfn from = memory_.folios()[id].pfn;
  const std::optional<Pfn> target = target_for(memory_.folios()[id], cpu);
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
    stats_.pages_migrated += order.pages().value;
    return std::nullopt;
  }
  memory_.free_pages(*target, order, cpu);
  return outcome == MigrateOutcome::pinned ? ContigFailure::pinned : ContigFailure::busy;
}

Contig::Refusal Contig::move_parts_out(FolioId id, CpuId cpu) {
  memory_.meter().charge(WorkKind::split_folio);
  for (const FolioId part : memory_.split_folio(id)) {
    const Refusal refusal = memory_.folios().is_live(part) ? move_out(part, cpu) : std::nullopt;
    if (refusal) {
      return refusal;
    }
  }
  return std::nullopt;
}

void Contig::take(Zone& zone, Pfn first) {
  for (Pfn at = first; at < end_of_gigablock(zone, first);) {
    const PageView view = zone.view(at);
    GBSIM_CHECK(view.kind == PageKind::free_head);
    GBSIM_CHECK(zone.isolate_free_block(at, view.order));
    const FolioId part = memory_.attach_folio(at, view.order, Migratetype::movable, owner_, 0);
    memory_.set_pinned(part, true);
    at += view.order.pages();
  }
}

bool Contig::free_1g(CpuId cpu) {
  if (held_.empty()) {
    return false;
  }
  const Pfn first = held_.front();
  held_.erase(held_.begin());
  Zone& zone = memory_.zone_of(first);
  zone.run_on(cpu);
  for (Pfn at = first; at < end_of_gigablock(zone, first);) {
    const FolioId part = zone.view(at).folio;
    const Order order = memory_.folios()[part].order;
    memory_.detach_folio(part);
    zone.clear_raw(at, order);
    zone.free_one(at, order);
    memory_.meter().charge(WorkKind::buddy_free);
    at += order.pages();
  }
  memory_.meter().charge(WorkKind::zone_lock);
  memory_.vmstat().add(VmEvent::pgfree, zone.orders().gigablock.pages().value);
  ++stats_.freed;
  return true;
}

}  // namespace gbsim
