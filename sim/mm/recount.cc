// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/recount.h"

#include <algorithm>

#include "sim/mm/invariants.h"

namespace gbsim {

namespace {

class Walk {
 public:
  Walk(const Zone& zone, const FolioTable& folios, bool with_drawing)
      : zone_(zone), folios_(folios), with_drawing_(with_drawing) {
    recount_.pageblocks.resize(zone.nr_pageblocks());
    reserve(zone.pageblock_start(0), zone.start());
    reserve(zone.end(), zone.pageblock_start(zone.nr_pageblocks()));
  }

  ZoneRecount run() {
    for (Pfn at = zone_.start(); at < zone_.end();) {
      at += visit(at);
    }
    return std::move(recount_);
  }

 private:
  Pageblock& home(Pfn pfn) {
    return recount_.pageblocks[(pfn - zone_.pageblock_start(0)).value >> zone_.orders().pageblock.value];
  }

  void reserve(Pfn from, Pfn until) {
    for (; from < until; from += NrPages{1}) {
      ++home(from).reserved;
    }
  }

  [[noreturn]] void fail(Pfn pfn, const std::string& what) const {
    throw InvariantViolation("zone " + std::string(zone_.name()) + " pfn " + std::to_string(pfn.value) + ": " + what);
  }

  /** Pages of the block at @at, after counting them. */
  NrPages visit(Pfn at) {
    const PageView view = zone_.view(at);
    switch (view.kind) {
      case PageKind::hole:
      case PageKind::reserved:
        ++home(at).reserved;
        draw(NrPages{1}, '#');
        return NrPages{1};
      case PageKind::free_head:
        count(at, view.order, &Pageblock::free);
        ++recount_.free_blocks[view.order.value][index(view.list)];
        recount_.free_pages[index(view.list)] += view.order.pages().value;
        return finish(at, view.order, '.');
      case PageKind::pcp:
        recount_.pcp_pages += view.order.pages().value;
        return finish(at, view.order, 'p');
      case PageKind::raw_head:
        return allocated(at, view.order, view.list, zone_.slot(at).migratable(), false);
      case PageKind::folio_head:
        return folio(at, view.folio);
      case PageKind::tail:
        break;
    }
    fail(at, "page belongs to no block");
  }

  NrPages folio(Pfn at, FolioId id) {
    if (!folios_.is_live(id) || folios_[id].pfn != at) {
      fail(at, "page of folio " + std::to_string(id.value) + ", which is elsewhere or dead");
    }
    const Folio& record = folios_[id];
    ++recount_.folios;
    const bool migratable = record.type == Migratetype::movable || record.has(kMigratable);
    return allocated(at, record.order, record.type, migratable, record.has(kPinned));
  }

  NrPages allocated(Pfn at, Order order, Migratetype type, bool migratable, bool pinned) {
    count(at, order, Pageblock::counter_of(type));
    if (migratable) {
      count(at, order, &Pageblock::migratable);
    }
    if (pinned) {
      count(at, order, &Pageblock::pinned);
    }
    constexpr std::array kLetters{'U', 'M', 'R', 'U', 'M', 'U'};
    return finish(at, order, kLetters[index(type)]);
  }

  void count(Pfn at, Order order, std::uint16_t Pageblock::* counter) {
    const Order each = std::min(order, zone_.orders().pageblock);
    const Pfn until = at + order.pages();
    for (; at < until && at < zone_.end(); at += each.pages()) {
      home(at).*counter = static_cast<std::uint16_t>(home(at).*counter + each.pages().value);
    }
  }

  /** The inside of a block holds no other head. */
  NrPages finish(Pfn at, Order order, char letter) {
    if (at + order.pages() > zone_.end() || !at.is_aligned(order)) {
      fail(at, "block of order " + std::to_string(order.value) + " is misplaced");
    }
    const bool looks_inside = with_drawing_ || order < zone_.orders().pageblock;
    for (std::uint64_t i = 1; looks_inside && i < order.pages().value; ++i) {
      if (zone_.slot(at + NrPages{i}).kind() != Slot::Kind::none) {
        fail(at + NrPages{i}, "a block starts inside another");
      }
    }
    recount_.managed += order.pages().value;
    draw(order.pages(), letter);
    return order.pages();
  }

  void draw(NrPages pages, char letter) {
    if (with_drawing_) {
      recount_.drawing.append(pages.value, letter);
    }
  }

  const Zone& zone_;
  const FolioTable& folios_;
  bool with_drawing_;
  ZoneRecount recount_;
};

}  // namespace

ZoneRecount recount_zone(const Zone& zone, const FolioTable& folios, bool with_drawing) {
  return Walk(zone, folios, with_drawing).run();
}

std::string draw(const Zone& zone, const FolioTable& folios) {
  const std::string pages = recount_zone(zone, folios, true).drawing;
  std::string drawing;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const Pfn pfn = zone.start() + NrPages{i};
    if (i != 0 && pfn.is_aligned(zone.orders().pageblock)) {
      drawing += ' ';
    }
    drawing += pages[i];
  }
  return drawing;
}

namespace {

void index_pageblocks(GigablockIndex& index, const Zone& zone, const ZoneRecount& recount) {
  const std::uint64_t pages = zone.orders().pageblock.pages().value;
  for (std::size_t i = 0; i < recount.pageblocks.size(); ++i) {
    Pageblock block = recount.pageblocks[i];
    block.type = zone.pageblock_at(i).type;
    const GigablockId id = zone.gigablock_of(std::max(zone.pageblock_start(i), zone.start()));
    if (block.reserved < pages) {
      index.add_pageblock(id, block.reserved != 0);
    }
    index.pageblock_changed(id, PageblockContents{}, PageblockContents::of(block, pages), block.free);
  }
}

void index_free_blocks(GigablockIndex& index, const Zone& zone) {
  std::vector<std::array<std::uint32_t, kNrMigratetypes>> orders(index.size());
  for (Pfn at = zone.start(); at < zone.end();) {
    const PageView view = zone.view(at);
    if (view.kind != PageKind::free_head) {
      at += NrPages{1};
      continue;
    }
    const GigablockId id = zone.gigablock_of(at);
    std::uint32_t& mask = orders[id.value][gbsim::index(view.list)];
    mask |= 1U << view.order.value;
    index.list_changed(id, view.order, view.list, true, mask);
    at += view.order.pages();
  }
}

}  // namespace

GigablockIndex reindex_gigablocks(const Zone& zone, const ZoneRecount& recount) {
  GigablockIndex index(zone.nr_gigablocks(), zone.orders().max, zone.spec().listing);
  index_pageblocks(index, zone, recount);
  index_free_blocks(index, zone);
  for (std::uint32_t i = 0; i < index.size(); ++i) {
    index.set_isolated(GigablockId{i}, zone.gigablocks()->counts(GigablockId{i}).isolated);
  }
  return index;
}

}  // namespace gbsim
