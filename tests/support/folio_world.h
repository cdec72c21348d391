// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/reclaim/compaction.h"
#include "toy_zone.h"

namespace gbsim::test {

/** Owner that only remembers into what its folios were split. */
class PlainOwner : public FolioOwner {
 public:
  std::string_view name() const override { return "plain"; }
  void on_evicted(FolioId, const Folio&) override {}
  void on_split(FolioId, const Folio&, const std::vector<FolioId>& parts) override { split = parts; }

  std::vector<FolioId> split;
};

/** A toy zone whose drawn pages are folios, with migration and compaction. Nothing is busy unless asked for. */
class FolioWorld {
 public:
  explicit FolioWorld(const ToySpec& spec = {1}, double busy_share = 0.0)
      : toy(spec), migration(toy.memory(), RandomStream(1, "test"), busy_share), compaction(toy.memory(), migration) {
    owner_id = memory().folios().register_owner(owner);
  }

  Memory& memory() { return toy.memory(); }
  Zone& zone() { return toy.zone(); }
  LruVec& lru() { return memory().lru(NodeId{}); }
  std::uint64_t count(VmEvent event) { return memory().vmstat().get(event); }
  Folio& folio_at(std::uint64_t page) { return memory().folios()[id_at(page)]; }
  FolioId id_at(std::uint64_t page) { return zone().view(toy.at(page)).folio; }

  /** As ToyZone, and: 'M' anon folio, 'F' file folio, 'P' pinned anon, 'Q' pinned file, 'W' file under writeback,
      'X' movable memory on no LRU list. */
  void paint(std::string_view drawing, std::string_view types = "") {
    std::string pages;
    for (const char letter : drawing) {
      pages += letter == ' ' ? "" : std::string(1, letter);
    }
    std::string kinds = pages;
    for (char& letter : kinds) {
      letter = letter == '.' || letter == 'U' || letter == 'R' ? letter : 'M';
    }
    toy.paint(kinds, types);
    zone().free_stat().fold(CpuId{});
    for (std::size_t i = 0; i < pages.size(); ++i) {
      make_folio(toy.at(i), pages[i]);
    }
  }

  /** A large folio of @order at @page, which must be free and aligned. */
  FolioId add_large(std::uint64_t page, unsigned order) {
    const Pfn pfn = toy.at(page);
    Order found{order};
    while (!zone().is_free_block(pfn.align_down(found), found)) {
      ++found;
    }
    GBSIM_CHECK(pfn.is_aligned(found));
    zone().take_block(pfn, found, Order{order}, zone().slot(pfn).list());
    zone().free_stat().fold(CpuId{});
    zone().set_raw(pfn, Order{order}, Migratetype::movable, true);
    return attach(pfn, Order{order}, kSwapBacked, LruList::inactive_anon);
  }

  /** Blocks on per-CPU lists do not show in drawings. */
  std::string draw() {
    memory().drain_all_pcp();
    return toy.draw();
  }
  CompactRequest request(unsigned order, MigrateMode mode) {
    CompactRequest request;
    request.zone = &zone();
    request.order = Order{order};
    request.mode = mode;
    request.direct = true;
    return request;
  }

  ToyZone toy;
  PlainOwner owner;
  OwnerId owner_id;
  Migration migration;
  Compaction compaction;

 private:
  FolioId attach(Pfn pfn, Order order, unsigned flags, LruList list) {
    const FolioId id = memory().attach_folio(pfn, order, Migratetype::movable, owner_id, 0);
    memory().folios()[id].flags = static_cast<std::uint16_t>(flags);
    lru().add_head(id, list);
    return id;
  }

  void make_folio(Pfn pfn, char letter) {
    switch (letter) {
      case 'M':
        attach(pfn, Order{0}, kSwapBacked, LruList::inactive_anon);
        return;
      case 'F':
        attach(pfn, Order{0}, 0, LruList::inactive_file);
        return;
      case 'W':
        attach(pfn, Order{0}, kWriteback, LruList::inactive_file);
        return;
      case 'P':
        memory().set_pinned(attach(pfn, Order{0}, kSwapBacked, LruList::inactive_anon), true);
        return;
      case 'Q':
        memory().set_pinned(attach(pfn, Order{0}, 0, LruList::inactive_file), true);
        return;
      default:
        return;
    }
  }
};

}  // namespace gbsim::test
