// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/page_types.h"

namespace gbsim {

namespace {

constexpr std::uint8_t stored(Migratetype type) { return static_cast<std::uint8_t>(index(type) + 1); }

}  // namespace

void PageTypes::feed(const TraceEvent& event) {
  switch (event.kind) {
    case EventKind::alloc:
      return event.has_pfn && !event.flag ? fill(event.pfn, event.order, stored(event.type)) : void();
    case EventKind::free:
      return fill(event.pfn, event.order, 0);
    case EventKind::migrate:
      if (const auto type = type_of(event.pfn)) {
        fill(event.to, event.order, stored(*type));
      }
      return;
    default:
      return;
  }
}

void PageTypes::fill(Pfn pfn, Order order, std::uint8_t value) {
  pages_.fill(pfn, order.pages(), value);
}

std::optional<Migratetype> PageTypes::type_of(Pfn pfn) const {
  const std::uint8_t value = pages_[pfn];
  return value == 0 ? std::nullopt : std::optional{static_cast<Migratetype>(value - 1)};
}

std::vector<Pageblock> PageTypes::pageblocks(const ZoneImage& zone) const {
  std::vector<Pageblock> blocks(zone.pageblocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    blocks[i].type = zone.pageblocks[i];
  }
  count(zone.start, zone.spanned, zone.orders.pageblock, blocks);
  return blocks;
}

std::vector<Pageblock> PageTypes::pageblocks(const Zone& zone) const {
  const Order size = zone.orders().pageblock;
  std::vector<Pageblock> blocks;
  for (Pfn at = zone.start().align_down(size); at < zone.end(); at += size.pages()) {
    blocks.emplace_back().type = zone.pageblock(at).type;
  }
  count(zone.start(), zone.spanned(), size, blocks);
  return blocks;
}

void PageTypes::count(Pfn start, NrPages spanned, Order pageblock, std::vector<Pageblock>& blocks) const {
  const Pfn base = start.align_down(pageblock);
  for (Pfn pfn = start; pfn < start + spanned; pfn += NrPages{1}) {
    if (const auto type = type_of(pfn)) {
      blocks[(pfn - base).value >> pageblock.value].add_allocated(*type, false, 1);
    }
  }
}

}  // namespace gbsim
