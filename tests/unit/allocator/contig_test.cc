// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/contig.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;
using test::NoRelief;
using test::ToySpec;

namespace {

/** Gigablocks of 32 pages; as many as wanted. */
struct World {
  explicit World(unsigned gigablocks, KernelVersion kernel = KernelVersion::v6_12)
      : folios(ToySpec{gigablocks, 5, 3, 1, kernel}) {}

  Maybe<Pfn> allocate() { return contig.allocate_1g(NodeId{}, CpuId{}); }

  FolioWorld folios;
  NoRelief relief{};
  PageAllocator allocator{folios.memory(), relief};
  Contig contig{allocator, folios.migration};
};

constexpr std::string_view kFree = "........ ........ ........ ........ ";
constexpr std::string_view kMovable = "M..M.... .....M.. ........ ....FF.. ";
constexpr std::string_view kUnmovable = "MMMM.... ........ ...U.... ........ ";

std::string zone(std::initializer_list<std::string_view> gigablocks) {
  std::string drawing;
  for (const std::string_view gigablock : gigablocks) {
    drawing += gigablock;
  }
  return drawing;
}

}  // namespace

TEST_CASE("an empty gigablock is taken as it is and given back whole") {
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    World world(2, kernel);
    world.folios.paint(zone({kUnmovable, kFree}));
    const std::string before = world.folios.draw();
    CHECK(world.allocate() == world.folios.toy.at(32));
    CHECK(world.contig.stats().pages_migrated == 0);
    CHECK(world.folios.zone().free_pages_exact() == NrPages{27});
    world.folios.toy.check();
    CHECK(world.contig.free_1g(CpuId{}));
    CHECK(world.folios.draw() == before);
    CHECK(world.folios.zone().pageblock(world.folios.toy.at(32)).type == Migratetype::movable);
    world.folios.toy.check();
    CHECK_FALSE(world.contig.free_1g(CpuId{}));
  }
}

TEST_CASE("movable folios are moved out of the range first") {
  World world(2);
  world.folios.paint(zone({kMovable, "........ ........ ........ ....U... "}));
  CHECK(world.allocate() == world.folios.toy.at(0));
  CHECK(world.contig.stats().pages_migrated == 5);
  CHECK(world.folios.count(VmEvent::pgmigrate_success) == 5);
  CHECK(world.contig.stats().latency.max() >= 5 * 1500);
  world.folios.toy.check();
}

TEST_CASE("one unmovable page spoils a range, and is seen before anything moves") {
  World world(1);
  world.folios.paint(kUnmovable);
  CHECK_FALSE(world.allocate());
  CHECK(world.contig.stats().refused(ContigFailure::unmovable) == 1);
  CHECK(world.folios.count(VmEvent::pgmigrate_success) == 0);
  world.folios.toy.check();
}

TEST_CASE("a pinned folio is found out late, and the range is usable as before") {
  World world(2);
  world.folios.paint(zone({"M....... P....... ........ ........ ", "U....... ........ ........ ........ "}));
  CHECK_FALSE(world.allocate());
  CHECK(world.contig.stats().refused(ContigFailure::pinned) == 1);
  CHECK(world.contig.stats().refused(ContigFailure::unmovable) == 1);
  CHECK(world.contig.stats().pages_migrated == 1);
  CHECK(world.folios.zone().nr_free_blocks(Order{4}, Migratetype::isolate) == 0);
  CHECK(world.folios.zone().smallest_free(Order{3}, Migratetype::movable));
  world.folios.toy.check();
}

TEST_CASE("a range cannot be emptied when there is no room elsewhere") {
  World world(2);
  world.folios.paint(zone({kMovable, std::string(32, 'U')}));
  CHECK_FALSE(world.allocate());
  CHECK(world.contig.stats().refused(ContigFailure::no_target) == 1);
  CHECK(world.folios.zone().free_pages_exact() == NrPages{27});
  world.folios.toy.check();
}

TEST_CASE("large folios move whole, or in parts where no block of their size is free") {
  World whole(2);
  whole.folios.paint(zone({kFree, "U....... ........ ........ ........ "}));
  whole.folios.add_large(0, 2);
  CHECK(whole.allocate() == whole.folios.toy.at(0));
  CHECK(whole.folios.owner.split.empty());
  World parts(2);
  parts.folios.paint(zone({kFree, "U.U.U.U. U.U.U.U. UUUUUUUU UUUUUUUU "}));
  parts.folios.add_large(0, 2);
  CHECK(parts.allocate() == parts.folios.toy.at(0));
  CHECK(parts.folios.owner.split.size() == 4);
  parts.folios.toy.check();
}

TEST_CASE("a gigantic page is not taken apart for another") {
  World world(2);
  world.folios.paint(zone({kFree, kFree}));
  CHECK(world.allocate());
  CHECK(world.allocate());
  CHECK_FALSE(world.allocate());
  CHECK(world.contig.held() == 2);
  CHECK(world.contig.stats().refused(ContigFailure::gigantic) == 3);
  CHECK(world.contig.stats().requested == 3);
  CHECK(world.contig.stats().allocated == 2);
  CHECK(world.contig.stats().latency.count() == 3);
  CHECK(world.contig.stats().served_latency.count() == 2);
  CHECK(world.contig.free_1g(CpuId{}));
  CHECK(world.allocate() == world.folios.toy.at(0));
  world.folios.toy.check();
}

TEST_CASE("free pages on per-CPU lists do not stand in the way") {
  World world(1);
  world.folios.paint("MM...... ........ ........ ........ ");
  world.folios.memory().free_folio(world.folios.id_at(0), CpuId{});
  world.folios.memory().free_folio(world.folios.id_at(1), CpuId{});
  CHECK(world.allocate() == world.folios.toy.at(0));
  world.folios.toy.check();
}

TEST_CASE("with an index the emptiest clean gigablock is taken first, and leaves steering until it is freed") {
  FolioWorld folios(ToySpec{.gigablocks = 4, .gigablock_order = 5, .pageblock_order = 3,
                            .placement = PlacementKind::gigablock_bitmap});
  NoRelief relief;
  PageAllocator allocator(folios.memory(), relief);
  Contig contig(allocator, folios.migration);
  constexpr std::string_view kFuller = "MMMMMMMM MMMM.... ........ ........ ";
  folios.paint(zone({kUnmovable, kFuller, kMovable, kFuller}));
  const auto pfn = contig.allocate_1g(NodeId{}, CpuId{});
  CHECK(pfn == folios.toy.at(64));
  CHECK(contig.stats().pages_migrated == 5);
  CHECK(contig.stats().refused(ContigFailure::unmovable) == 0);
  const GigablockIndex& index = *folios.zone().gigablocks();
  CHECK(index.category(GigablockId{2}) == GigablockCategory::isolated);
  folios.toy.check();
  CHECK(contig.free_1g(CpuId{}));
  CHECK(index.category(GigablockId{2}) == GigablockCategory::empty);
  folios.toy.check();
}

TEST_CASE("contig_rounds is how often all candidates are tried for one page") {
  FolioWorld folios(ToySpec{.gigablocks = 2, .gigablock_order = 5, .pageblock_order = 3,
                            .placement = PlacementKind::gigablock_bitmap});
  folios.toy.tunables().gigablock_contig_rounds = 3;
  NoRelief relief;
  PageAllocator allocator(folios.memory(), relief);
  Contig contig(allocator, folios.migration);
  folios.paint(zone({"P....... ........ ........ ........ ", kUnmovable}));
  CHECK_FALSE(contig.allocate_1g(NodeId{}, CpuId{}));
  CHECK(contig.stats().refused(ContigFailure::pinned) == 3);
  folios.toy.check();
}

TEST_CASE("a pool reserved at boot serves first, at no cost, and gets its pages back") {
  World world(3);
  CHECK(world.contig.reserve_pool(2) == 2);
  CHECK(world.contig.pool_left() == 2);
  CHECK(world.folios.zone().free_pages_exact() == NrPages{32});
  const auto first = world.allocate();
  CHECK(first == world.folios.toy.at(64));
  CHECK(world.contig.is_pooled(*first));
  CHECK(world.allocate() == world.folios.toy.at(32));
  CHECK(world.allocate() == world.folios.toy.at(0));
  CHECK(world.contig.stats().from_pool == 2);
  CHECK(world.contig.stats().from_ranges == 1);
  CHECK(world.contig.stats().ranges_refused == decltype(Hugepage1gStats::ranges_refused){});
  world.folios.toy.check();
  for (int i = 0; i < 3; ++i) {
    CHECK(world.contig.free_1g(CpuId{}));
  }
  CHECK(world.contig.pool_left() == 2);
  CHECK(world.folios.zone().free_pages_exact() == NrPages{32});
  world.folios.toy.check();
}

TEST_CASE("a pool takes what there is and no more") {
  World world(2);
  CHECK(world.contig.reserve_pool(5) == 2);
  CHECK_FALSE(world.contig.obtain(NodeId{}, CpuId{}) == std::nullopt);
  world.folios.toy.check();
}

TEST_CASE("movable memory in a CMA area makes way for a gigantic page, and may return after it") {
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    FolioWorld folios(ToySpec{.gigablocks = 3, .gigablock_order = 5, .pageblock_order = 3, .kernel = kernel,
                              .last_is_cma = true});
    NoRelief relief;
    PageAllocator allocator(folios.memory(), relief);
    Contig contig(allocator, folios.migration);
    const PageRequest user{Order{0}, gfp::kHighuserMovable, CpuId{}, NodeId{}};
    std::vector<FolioId> pages;
    while (const auto page = allocator.alloc_folio(user, {.owner = folios.owner_id})) {
      pages.push_back(*page);
    }
    CHECK(pages.size() > 90);
    for (std::size_t i = 0; i < pages.size(); i += 2) {
      allocator.free_folio(pages[i], CpuId{});
    }
    CHECK(contig.obtain(NodeId{}, CpuId{}) == folios.toy.at(64));
    CHECK(contig.stats().from_cma == 1);
    CHECK(contig.stats().pages_migrated > 0);
    CHECK(folios.zone().pageblock(folios.toy.at(64)).type == Migratetype::cma);
    folios.toy.check();
    contig.release(folios.toy.at(64), CpuId{});
    CHECK(folios.zone().free_cma_pages() == NrPages{32});
    folios.toy.check();
  }
}

TEST_CASE("a page that is split is movable memory of its new owner") {
  World world(1);
  const auto first = world.contig.obtain(NodeId{}, CpuId{});
  REQUIRE(first);
  const auto parts = world.contig.split(*first, world.folios.owner_id, 7);
  CHECK(parts.size() == 4);
  CHECK(world.folios.folio_at(8).cookie == 7);
  CHECK(world.folios.zone().pageblock(*first).pinned == 0);
  CHECK(world.folios.zone().pageblock(*first).migratable == 8);
  world.folios.toy.check();
  for (const FolioId part : parts) {
    world.allocator.free_folio(part, CpuId{});
  }
  world.folios.memory().drain_all_pcp();
  CHECK(world.folios.zone().free_pages_exact() == NrPages{32});
  world.folios.toy.check();
}

TEST_CASE("each request is told with what it cost") {
  World world(1);
  std::vector<Hugepage1gAttempt> attempts;
  world.contig.on_attempt([&](const Hugepage1gAttempt& attempt) { attempts.push_back(attempt); });
  world.folios.paint(kUnmovable);
  world.allocate();
  REQUIRE(attempts.size() == 1);
  CHECK_FALSE(attempts[0].page);
  CHECK(attempts[0].duration > Ns{0});
}
