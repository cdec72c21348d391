// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/zone.h"

namespace gbsim {

namespace {

constexpr std::array<std::string_view, kNrZoneTypes> kZoneNames{"DMA", "DMA32", "Normal", "Movable"};

PageIndex map_size(const ZoneSpec& spec) {
  const Pfn base = spec.start.align_down(spec.orders.max);
  return static_cast<PageIndex>(((spec.start + spec.spanned).align_up(spec.orders.max) - base).value);
}

NrPages sum(const std::vector<std::pair<Pfn, NrPages>>& ranges) {
  NrPages pages;
  for (const auto& range : ranges) {
    pages += range.second;
  }
  return pages;
}

bool holds(const std::vector<std::pair<Pfn, NrPages>>& ranges, Pfn pfn) {
  return std::ranges::any_of(ranges, [&](const auto& range) {
    return pfn >= range.first && pfn < range.first + range.second;
  });
}

}  // namespace

Zone::Zone(const ZoneSpec& spec, unsigned index, KernelVersion rules)
    : spec_(spec),
      index_(index),
      rules_(&kernel_rules(rules)),
      base_(spec.start.align_down(spec.orders.max)),
      present_(spec.spanned - sum(spec.holes)),
      map_(map_size(spec), spec.orders),
      blocks_(((spec.start + spec.spanned).align_up(spec.orders.pageblock) - base_).value >>
              spec.orders.pageblock.value),
      area_shift_(spec.listing.per_gigablock ? spec.orders.gigablock.value : 63),
      area_offset_((base_ - spec.start.align_down(spec.orders.gigablock)).value),
      areas_(spec.listing.per_gigablock ? nr_gigablocks() : 1),
      pcps_(spec.nr_cpus),
      pcp_buddy_(spec.pcp == PcpKind::pcpbuddy
                     ? std::make_unique<PcpBuddy>(map_size(spec), spec.orders.pageblock, spec.nr_cpus)
                     : nullptr),
      free_(spec.nr_cpus),
      boundary_(spec.start) {
  mark_reserved(base_, spec.start - base_);
  mark_reserved(end(), end().align_up(spec.orders.pageblock) - end());
  for (const auto& [from, pages] : spec_.holes) {
    mark_reserved(from, pages);
  }
  for (const auto& [from, pages] : spec_.reserved) {
    mark_reserved(from, pages);
  }
  if (spec_.listing.per_gigablock) {
    index_gigablocks();
  }
}

void Zone::mark_reserved(Pfn from, NrPages pages) {
  const Pfn until = from + pages;
  while (from < until) {
    const Pfn next = std::min(until, (from + NrPages{1}).align_up(spec_.orders.pageblock));
    Pageblock& block = pageblock(from);
    block.reserved = static_cast<std::uint16_t>(block.reserved + (next - from).value);
    from = next;
  }
}

std::string_view Zone::name() const { return kZoneNames[static_cast<std::size_t>(spec_.type)]; }

PageView Zone::view(Pfn pfn) const {
  const PageIndex at = page(pfn);
  const Slot slot = map_.slot(at);
  switch (slot.kind()) {
    case Slot::Kind::free:
      return {PageKind::free_head, map_.order_of_free(at), FolioId{}, slot.list()};
    case Slot::Kind::folio:
      return {PageKind::folio_head, Order{}, FolioId{slot.folio()}, Migratetype::movable};
    case Slot::Kind::pcp:
      return {PageKind::pcp, slot.order(), FolioId{}, slot.type()};
    case Slot::Kind::raw:
      return {PageKind::raw_head, slot.order(), FolioId{}, slot.type()};
    case Slot::Kind::none:
      break;
  }
  if (pageblock(pfn).reserved == 0) {
    return {PageKind::tail};
  }
  if (!contains(pfn) || holds(spec_.holes, pfn)) {
    return {PageKind::hole};
  }
  return {holds(spec_.reserved, pfn) ? PageKind::reserved : PageKind::tail};
}

Maybe<Pfn> Zone::head_of(Pfn pfn, const FolioTable& folios) const {
  for (Order order{0}; order <= spec_.orders.max; ++order) {
    const Pfn head = pfn.align_down(order);
    const PageView found = view(head);
    if (found.kind == PageKind::hole || found.kind == PageKind::reserved) {
      return std::nullopt;
    }
    if (found.kind == PageKind::tail) {
      continue;
    }
    const Order size = found.kind == PageKind::folio_head ? folios[found.folio].order : found.order;
    return size >= order ? Maybe<Pfn>{head} : std::nullopt;
  }
  return std::nullopt;
}

bool Zone::is_free_block(Pfn pfn, Order order) const { return map_.is_free_block(page(pfn), order); }

bool Zone::spans_pageblock(Pfn pfn) const {
  const Pfn first = pfn.align_down(spec_.orders.pageblock);
  return first >= start() && first + spec_.orders.pageblock.pages() <= end();
}

void Zone::count_migratable(Pfn head, Order order, int sign) {
  change_counts(head, order, [&](Pageblock& block, int pages) { Pageblock::add(block.migratable, sign * pages); });
}

void Zone::count_pinned(Pfn head, Order order, int sign) {
  change_counts(head, order, [&](Pageblock& block, int pages) { Pageblock::add(block.pinned, sign * pages); });
}

void Zone::split_raw(Pfn head, Order from, Order to) {
  const Slot slot = map_.slot(page(head));
  GBSIM_CHECK(slot.kind() == Slot::Kind::raw && slot.order() == from && to <= from);
  for (Pfn at = head; at < head + from.pages(); at += to.pages()) {
    map_.set_slot(page(at), Slot::raw(to, slot.type(), slot.migratable()));
  }
}

void Zone::settle_taken(Order order, Migratetype type) {
  if (!rules_->accounts_each_take) {
    account_free(-static_cast<std::int64_t>(order.pages().value), type);
  }
}

std::uint64_t Zone::nr_free_blocks(Order order) const {
  std::uint64_t blocks = 0;
  for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
    blocks += nr_free_blocks(order, static_cast<Migratetype>(type));
  }
  return blocks;
}

NrPages Zone::pcp_pages() const {
  NrPages pages;
  for (const PcpLists& lists : pcps_) {
    pages += NrPages{static_cast<std::uint64_t>(lists.count)};
  }
  return pcp_buddy_ ? pages + NrPages{pcp_buddy_->remote_pages()} : pages;
}

std::uint64_t Zone::metadata_bytes() const {
  std::uint64_t bytes = sizeof(*this) + map_.committed_bytes() + blocks_.size() * sizeof(Pageblock);
  for (const PcpLists& lists : pcps_) {
    bytes += lists.metadata_bytes();
  }
  for (const FreeArea& area : areas_) {
    bytes += area.metadata_bytes();
  }
  bytes += pcp_buddy_ ? pcp_buddy_->metadata_bytes() : 0;
  return bytes + (gigablocks_ ? gigablocks_->metadata_bytes() : 0);
}

}  // namespace gbsim
