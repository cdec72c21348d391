// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/page_types.h"

#include <algorithm>

namespace gbsim {

namespace {

constexpr std::uint8_t stored(Migratetype type) { return static_cast<std::uint8_t>(index(type) + 1); }

}  // namespace

void PageTypes::feed(const TraceEvent& event) {
  switch (event.kind) {
    case EventKind::alloc:
      return event.has_pfn ? fill(event.pfn, event.order, stored(event.type)) : void();
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
  const Pfn end = start + spanned;
  auto block = blocks.begin();
  for (Pfn at = start; at < end; ++block) {
    const Pfn next = std::min(end, (at + NrPages{1}).align_up(pageblock));
    const auto pages = pages_.histogram(at, next - at);
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      const auto request = static_cast<Migratetype>(type);
      block->add_allocated(request, false, static_cast<int>(pages[stored(request)]));
    }
    at = next;
  }
}

}  // namespace gbsim
