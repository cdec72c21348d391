// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/contig.h"

#include <algorithm>

#include "sim/mm/pageblock.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

Pfn end_of_gigablock(const Zone& zone, Pfn first) { return first + zone.orders().gigablock.pages(); }

void retype_range(Zone& zone, Pfn first, Migratetype to) {
  for (Pfn at = first; at < end_of_gigablock(zone, first); at += zone.orders().pageblock.pages()) {
    retype_pageblock(zone, at, to);
  }
}

}  // namespace

Contig::Contig(PageAllocator& allocator, Migration& migration)
    : memory_(allocator.memory()),
      evacuation_(allocator, migration, true),
      owner_(memory_.folios().register_owner(*this)) {}

Maybe<Pfn> Contig::obtain(NodeId node, CpuId cpu) {
  const Ns start = memory_.meter().spent();
  const std::uint64_t migrated = stats_.pages_migrated;
  ++stats_.requested;
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::GiganticBegin{node});
  }
  const Maybe<Pfn> got = find(node, cpu);
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::GiganticEnd{got, NrPages{stats_.pages_migrated - migrated}});
  }
  const Ns duration = memory_.meter().spent() - start;
  stats_.latency.add(static_cast<std::uint64_t>(duration.count()));
  if (got) {
    ++stats_.allocated;
    stats_.served_latency.add(static_cast<std::uint64_t>(duration.count()));
  }
  if (told_) {
    told_({got, stats_.pages_migrated - migrated, duration});
  }
  return got;
}

Maybe<Pfn> Contig::search(NodeId node, CpuId cpu) {
  const Tunables& tunables = memory_.tunables();
  const unsigned rounds = tunables.has_gigablocks() ? tunables.gigablock_contig_rounds : 1;
  Maybe<Pfn> got;
  for (unsigned round = 0; round < rounds && !got; ++round) {
    got = search_once(node, cpu);
  }
  return got;
}

Maybe<Pfn> Contig::search_once(NodeId node, CpuId cpu) {
  for (Zone* zone : memory_.zonelist(node, ZoneType::movable)) {
    if (const auto got = first_that_converts(*zone, candidates(*zone), Migratetype::movable, cpu)) {
      return got;
    }
  }
  return std::nullopt;
}

Maybe<Pfn> Contig::first_that_converts(Zone& zone, std::span<const GigablockId> ranges, Migratetype home, CpuId cpu) {
  for (const GigablockId range : ranges) {
    const Refusal refusal = convert(zone, range, home, cpu);
    if (!refusal) {
      return zone.gigablock_start(range);
    }
    ++stats_.ranges_refused[static_cast<std::size_t>(*refusal)];
  }
  return std::nullopt;
}

std::vector<GigablockId> Contig::candidates(const Zone& zone) const {
  if (zone.gigablocks() != nullptr) {
    const Tunables& tunables = memory_.tunables();
    return clean_candidates(zone, tunables.gigablock_contig_order, tunables.gigablock_contig_candidates);
  }
  std::vector<GigablockId> ranges;
  for (std::uint32_t i = 0; i < zone.nr_gigablocks(); ++i) {
    if (zone.is_whole_gigablock(GigablockId{i})) {
      ranges.push_back(GigablockId{i});
    }
  }
  if (zone.is_confined()) {
    std::ranges::reverse(ranges);  // held pages must not stand in the way of the boundary
  }
  return ranges;
}

Contig::Refusal Contig::convert(Zone& zone, GigablockId range, Migratetype home, CpuId cpu) {
  if (const Refusal refusal = unfit(zone, range, home)) {
    return refusal;
  }
  const Pfn first = zone.gigablock_start(range);
  memory_.drain_all_pcp();
  zone.run_on(cpu);
  retype_range(zone, first, Migratetype::isolate);
  zone.set_gigablock_isolated(range, true);
  const std::uint64_t before = evacuation_.pages_migrated();
  const Refusal refusal = evacuation_.vacate(zone, first, end_of_gigablock(zone, first), cpu);
  stats_.pages_migrated += evacuation_.pages_migrated() - before;
  zone.run_on(cpu);
  if (!refusal) {
    take(zone, first);
  }
  retype_range(zone, first, home);
  zone.set_gigablock_isolated(range, !refusal);
  return refusal;
}

bool Contig::is_gigantic(const Zone& zone, Pfn first) const {
  const PageView view = zone.view(first);
  return view.kind == PageKind::folio_head && memory_.folios()[view.folio].owner == owner_;
}

Contig::Refusal Contig::unfit(const Zone& zone, GigablockId range, Migratetype home) const {
  const Pfn first = zone.gigablock_start(range);
  if (is_gigantic(zone, first)) {
    return ContigFailure::gigantic;
  }
  if (zone.is_confined() && first < zone.boundary()) {
    return ContigFailure::unmovable;
  }
  for (Pfn at = first; at < end_of_gigablock(zone, first); at += zone.orders().pageblock.pages()) {
    memory_.meter().charge(WorkKind::compact_scan, kLookAtPageblock);
    const Pageblock& block = zone.pageblock(at);
    if (block.reserved != 0) {
      return ContigFailure::reserved;
    }
    const bool is_home = home == Migratetype::cma ? block.type == home : is_mergeable(block.type);
    if (block.allocated() != block.migratable || !is_home) {
      return ContigFailure::unmovable;
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

void Contig::release(Pfn first, CpuId cpu) {
  ++stats_.freed;
  if (is_pooled(first)) {
    pool_left_.push_back(first);
    return;
  }
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
  zone.set_gigablock_isolated(zone.gigablock_of(first), false);
  memory_.charge_zone_lock();
  memory_.vmstat().add(VmEvent::pgfree, zone.orders().gigablock.pages().value);
}

std::vector<FolioId> Contig::split(Pfn first, OwnerId owner, std::uint32_t cookie) {
  GBSIM_CHECK(!is_pooled(first));
  Zone& zone = memory_.zone_of(first);
  const Order small = zone.orders().pageblock;
  std::vector<FolioId> parts;
  for (Pfn at = first; at < end_of_gigablock(zone, first);) {
    const FolioId whole = zone.view(at).folio;
    const Order order = memory_.folios()[whole].order;
    memory_.detach_folio(whole);
    zone.split_raw(at, order, std::min(order, small));
    for (const Pfn until = at + order.pages(); at < until; at += std::min(order, small).pages()) {
      parts.push_back(memory_.attach_folio(at, std::min(order, small), Migratetype::movable, owner, cookie));
    }
    memory_.meter().charge(WorkKind::split_folio);
  }
  zone.set_gigablock_isolated(zone.gigablock_of(first), false);
  ++stats_.split;
  return parts;
}

}  // namespace gbsim
