// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/invariants.h"

#include <vector>

#include "sim/mm/pcp_buddy_invariants.h"
#include "sim/mm/recount.h"

namespace gbsim {

namespace {

[[noreturn]] void fail(const Zone& zone, Pfn pfn, const std::string& what) {
  throw InvariantViolation("zone " + std::string(zone.name()) + " pfn " + std::to_string(pfn.value) + ": " + what);
}

void expect_equal(const Zone& zone, Pfn pfn, const std::string& what, std::uint64_t kept, std::uint64_t counted) {
  if (kept != counted) {
    fail(zone, pfn, what + " is " + std::to_string(kept) + ", recounted " + std::to_string(counted));
  }
}

void check_pageblocks(const Zone& zone, const ZoneRecount& recount) {
  for (std::size_t i = 0; i < zone.nr_pageblocks(); ++i) {
    const Pageblock& kept = zone.pageblock_at(i);
    const Pageblock& counted = recount.pageblocks[i];
    const Pfn pfn = zone.pageblock_start(i);
    expect_equal(zone, pfn, "pageblock.free", kept.free, counted.free);
    expect_equal(zone, pfn, "pageblock.unmovable", kept.unmovable, counted.unmovable);
    expect_equal(zone, pfn, "pageblock.movable", kept.movable, counted.movable);
    expect_equal(zone, pfn, "pageblock.reclaimable", kept.reclaimable, counted.reclaimable);
    expect_equal(zone, pfn, "pageblock.pinned", kept.pinned, counted.pinned);
    expect_equal(zone, pfn, "pageblock.migratable", kept.migratable, counted.migratable);
    expect_equal(zone, pfn, "pageblock.reserved", kept.reserved, counted.reserved);
  }
}

/** Every listed block is a free head of that order and list, listed once, and no two buddies wait unmerged. */
void check_listed_block(const Zone& zone, Pfn pfn, Order order, Migratetype type) {
  const PageView view = zone.view(pfn);
  if (view.kind != PageKind::free_head || view.order != order || view.list != type) {
    fail(zone, pfn, "on a free list but not its free head");
  }
  const Pfn buddy = pfn.buddy(order);
  if (order < zone.orders().pageblock && zone.contains(buddy) && zone.is_free_block(buddy, order)) {
    fail(zone, pfn, "free buddies of order " + std::to_string(order.value) + " are not merged");
  }
}

void check_free_lists(const Zone& zone, const ZoneRecount& recount) {
  for (Order order{0}; order <= zone.orders().max; ++order) {
    for (std::size_t t = 0; t < kNrMigratetypes; ++t) {
      const auto type = static_cast<Migratetype>(t);
      std::uint64_t listed = 0;
      zone.for_each_free(order, type, [&](Pfn pfn) {
        check_listed_block(zone, pfn, order, type);
        ++listed;
        return true;
      });
      const std::string list = "list of order " + std::to_string(order.value) + " type " + std::string(name(type));
      expect_equal(zone, zone.start(), list + " size", zone.nr_free_blocks(order, type), listed);
      expect_equal(zone, zone.start(), list + " in the page map", listed, recount.free_blocks[order.value][t]);
    }
  }
}

/** Pages on one per-CPU list, each a per-CPU head of the list's order. */
std::uint64_t check_pcp_list(const Zone& zone, const PcpRing& ring, Order order) {
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    const Pfn pfn = zone.pfn(ring.from_head(i));
    const PageView view = zone.view(pfn);
    if (view.kind != PageKind::pcp || view.order != order) {
      fail(zone, pfn, "on a per-CPU list but not its head");
    }
  }
  return std::uint64_t{ring.size()} << order.value;
}

void check_pcp(const Zone& zone, const ZoneRecount& recount) {
  std::uint64_t pages = 0;
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    const PcpLists& pcp = zone.pcp(CpuId{cpu});
    std::uint64_t on_cpu = 0;
    for (std::size_t list = 0; list < kNrPcpLists; ++list) {
      on_cpu += check_pcp_list(zone, pcp.lists[list], pcp_order(list, zone.orders().pageblock));
    }
    expect_equal(zone, zone.start(), "pcp.count", static_cast<std::uint64_t>(pcp.count), on_cpu);
    pages += on_cpu;
  }
  expect_equal(zone, zone.start(), "per-CPU pages in the page map", pages, recount.pcp_pages);
}

void check_counters(const Zone& zone, const ZoneRecount& recount) {
  const auto on_list = [&](Migratetype type) { return recount.free_pages[index(type)]; };
  std::uint64_t free = 0;
  for (const std::uint64_t pages : recount.free_pages) {
    free += pages;
  }
  expect_equal(zone, zone.start(), "NR_FREE_PAGES", zone.free_pages_exact().value,
               free - on_list(Migratetype::isolate));
  expect_equal(zone, zone.start(), "NR_FREE_CMA", zone.free_cma_pages().value, on_list(Migratetype::cma));
  if (zone.rules().highatomic_counts_free) {
    expect_equal(zone, zone.start(), "nr_free_highatomic", zone.free_highatomic().value,
                 on_list(Migratetype::highatomic));
  }
  if (zone.is_confined()) {
    expect_equal(zone, zone.start(), "free_confined", zone.free_confined().value,
                 on_list(Migratetype::unmovable) + on_list(Migratetype::reclaimable) +
                     on_list(Migratetype::highatomic));
  }
  if (!zone.spec().managed) {
    expect_equal(zone, zone.start(), "managed", zone.managed().value, recount.managed);
  }
  const auto& mark = zone.watermarks().mark;
  if (mark[0] > mark[1] || mark[1] > mark[2]) {
    fail(zone, zone.start(), "watermarks are not in order");
  }
}

/** An index built anew from the page map must come out as the one that was kept step by step. */
void check_gigablocks(const Zone& zone, const ZoneRecount& recount) {
  const GigablockIndex fresh = reindex_gigablocks(zone, recount);
  const std::size_t differs = zone.gigablocks()->first_difference(fresh);
  if (differs != fresh.size()) {
    fail(zone, zone.gigablock_start(GigablockId{differs}), "gigablock is miscounted");
  }
  if (!zone.gigablocks()->same_sets(fresh)) {
    fail(zone, zone.start(), "bitmaps over gigablocks differ from a rebuilt index");
  }
}

/** No label is on the wrong side of the boundary. */
void check_boundary(const Zone& zone) {
  for (std::size_t i = 0; i < zone.nr_pageblocks(); ++i) {
    const Migratetype type = zone.pageblock_at(i).type;
    const bool below = zone.pageblock_start(i) < zone.boundary();
    if (type != Migratetype::isolate && confines(type) != below) {
      fail(zone, zone.pageblock_start(i), std::string(name(type)) + " pageblock on the wrong side of the boundary");
    }
  }
}

struct FolioTotals {
  std::uint64_t live = 0;
  std::array<std::uint64_t, kNrLruLists + 1> by_list{};
};

FolioTotals count_folios(const Memory& memory) {
  const FolioTable& folios = memory.folios();
  FolioTotals totals;
  for (FolioId id{0}; id.value < folios.id_limit(); ++id.value) {
    if (!folios.is_live(id)) {
      continue;
    }
    const Folio& folio = folios[id];
    if (folio.owner.value >= folios.nr_owners()) {
      fail(memory.zone(folio.zone), folio.pfn, "folio " + std::to_string(id.value) + " has no owner");
    }
    ++totals.live;
    ++totals.by_list[static_cast<std::size_t>(folio.lru)];
  }
  return totals;
}

struct LruTotals {
  std::uint64_t folios = 0;
  NrPages pages;
};

LruTotals walk_lru(const Memory& memory, NodeId node, LruList list) {
  LruTotals totals;
  std::uint32_t last = kNoFolio;
  for (std::uint32_t id = memory.lru(node).head(list); id != kNoFolio; id = memory.folios()[FolioId{id}].next) {
    const Folio& folio = memory.folios()[FolioId{id}];
    if (folio.lru != list || folio.prev != last || memory.node_of(folio) != node) {
      fail(memory.zone(folio.zone), folio.pfn, "folio " + std::to_string(id) + " does not belong on its LRU list");
    }
    last = id;
    ++totals.folios;
    totals.pages += folio.order.pages();
  }
  return totals;
}

/** Folios on the lists of all nodes; each list's own totals hold. */
std::uint64_t check_lru_list(const Memory& memory, LruList list) {
  std::uint64_t on_lists = 0;
  for (unsigned n = 0; n < memory.nr_nodes(); ++n) {
    const NodeId node{n};
    const LruTotals totals = walk_lru(memory, node, list);
    if (totals.folios != memory.lru(node).nr_folios(list) || totals.pages != memory.lru(node).size(list)) {
      throw InvariantViolation("node " + std::to_string(n) + ": LRU list " +
                               std::to_string(static_cast<int>(list)) + " is miscounted");
    }
    on_lists += totals.folios;
  }
  return on_lists;
}

void check_lru(const Memory& memory, const FolioTotals& folios) {
  for (std::size_t l = 0; l < kNrLruLists; ++l) {
    if (check_lru_list(memory, static_cast<LruList>(l)) != folios.by_list[l]) {
      throw InvariantViolation("folios say they are on LRU list " + std::to_string(l) + " and are not");
    }
  }
}

void check_recounted(const Zone& zone, const ZoneRecount& recount) {
  check_free_lists(zone, recount);
  zone.pcp_buddy() != nullptr ? check_pcp_buddy(zone, recount) : check_pcp(zone, recount);
  check_pageblocks(zone, recount);
  check_counters(zone, recount);
  if (zone.is_confined()) {
    check_boundary(zone);
  }
  if (zone.gigablocks() != nullptr) {
    check_gigablocks(zone, recount);
  }
}

}  // namespace

void check_zone(const Zone& zone, const FolioTable& folios) { check_recounted(zone, recount_zone(zone, folios)); }

/** The recount finds each head's folio live and at that page, so that equal numbers leave no folio without a page. */
void check_memory(const Memory& memory) {
  std::uint64_t folio_heads = 0;
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    const ZoneRecount recount = recount_zone(memory.zone(i), memory.folios());
    check_recounted(memory.zone(i), recount);
    folio_heads += recount.folios;
  }
  const FolioTotals folios = count_folios(memory);
  if (folios.live != folio_heads || folios.live != memory.folios().live()) {
    throw InvariantViolation("live folios: " + std::to_string(folios.live) + ", in page maps " +
                             std::to_string(folio_heads));
  }
  check_lru(memory, folios);
}

}  // namespace gbsim
