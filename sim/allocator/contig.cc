// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/contig.h"

#include <algorithm>
#include <functional>

#include "sim/mm/pageblock.h"

namespace gbsim {

namespace {

/** Reading the struct pages of a pageblock in sequence, in units of one page looked at by a compaction scanner. */
constexpr std::uint64_t kLookAtPageblock = 64;

Pfn end_of_gigablock(const Zone& zone, Pfn first) { return first + zone.orders().gigablock.pages(); }

void retype_range(Zone& zone, Pfn first, Migratetype to) {
  for (Pfn at = first; at < end_of_gigablock(zone, first); at += zone.orders().pageblock.pages()) {
    retype_pageblock(zone, at, to);
  }
}

/** Up to @most whole gigablocks without anything unmovable, those with most free memory first. */
std::vector<GigablockId> emptiest_gigablocks(const Zone& zone, unsigned most) {
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
  std::ranges::stable_sort(ids, std::greater{}, [&](GigablockId id) { return index.counts(id).free_pages; });
  ids.resize(std::min<std::size_t>(ids.size(), most));
  return ids;
}

}  // namespace

Contig::Contig(PageAllocator& allocator, Migration& migration)
    : memory_(allocator.memory()),
      evacuation_(allocator, migration, true),
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
  for (const GigablockId range : candidates(zone)) {
    const Refusal refusal = convert(zone, range, cpu);
    if (!refusal) {
      return zone.gigablock_start(range);
    }
    ++stats_.ranges_refused[static_cast<std::size_t>(*refusal)];
  }
  return std::nullopt;
}

std::vector<GigablockId> Contig::candidates(const Zone& zone) const {
  if (zone.gigablocks() != nullptr) {
    return emptiest_gigablocks(zone, memory_.tunables().gigablock_contig_candidates);
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

Contig::Refusal Contig::convert(Zone& zone, GigablockId range, CpuId cpu) {
  if (const Refusal refusal = unfit(zone, range)) {
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
  retype_range(zone, first, Migratetype::movable);
  zone.set_gigablock_isolated(range, !refusal);
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
  if (zone.is_confined() && first < zone.boundary()) {
    return ContigFailure::unmovable;
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
  zone.set_gigablock_isolated(zone.gigablock_of(first), false);
  memory_.charge_zone_lock();
  memory_.vmstat().add(VmEvent::pgfree, zone.orders().gigablock.pages().value);
  ++stats_.freed;
  return true;
}

}  // namespace gbsim
