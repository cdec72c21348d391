// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/fallback.h"

namespace gbsim {

namespace {

/** Free pages that move_freepages() would move. */
int movable_free_pages(const Zone& zone, Pfn block) {
  if (zone.spans_pageblock(block)) {
    return zone.pageblock(block).free;
  }
  const Pfn until = block.align_down(zone.orders().pageblock) + zone.orders().pageblock.pages();
  NrPages free;
  for (Pfn at = block; at < until;) {
    const PageView view = zone.view(at);
    const bool is_free = view.kind == PageKind::free_head;
    free += is_free ? view.order.pages() : NrPages{};
    at += is_free ? view.order.pages() : NrPages{1};
  }
  return static_cast<int>(free.value);
}

}  // namespace

bool may_move_pageblock(const Zone& zone, Pfn block) {
  const Pfn last = block.align_down(zone.orders().pageblock) + (zone.orders().pageblock.pages() - NrPages{1});
  return zone.rules().claim_then_steal ? zone.spans_pageblock(block) : zone.contains(last);
}

bool mostly_compatible(const Zone& zone, Pfn block, Migratetype type) {
  const Pageblock& home = zone.pageblock(block);
  const auto pages = static_cast<int>(zone.orders().pageblock.pages().value);
  const int free = movable_free_pages(zone, block);
  int alike = home.migratable;
  if (type != Migratetype::movable) {
    alike = home.type == Migratetype::movable ? pages - free - home.migratable : 0;
  }
  return free + alike >= pages / 2;
}

}  // namespace gbsim
