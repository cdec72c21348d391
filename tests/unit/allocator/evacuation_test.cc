// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/evacuation.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;
using test::NoRelief;
using test::ToySpec;

namespace {

struct World {
  explicit World(std::string_view drawing) : folios(ToySpec{2, 5, 3}) { folios.paint(drawing); }

  FolioWorld folios;
  NoRelief relief{};
  PageAllocator allocator{folios.memory(), relief};
  Evacuation evacuation{allocator, folios.migration, false};
};

}  // namespace

TEST_CASE("an emptied pageblock is wholly free and of the type asked for") {
  World world("M..M.M..");
  const Pfn start = world.folios.toy.at(0);
  CHECK_FALSE(world.evacuation.empty_pageblock(world.folios.zone(), start, Migratetype::unmovable, CpuId{}));
  CHECK(world.evacuation.pages_migrated() == 3);
  CHECK(world.folios.zone().pageblock(start).free == 8);
  CHECK(world.folios.zone().pageblock(start).type == Migratetype::unmovable);
  world.folios.toy.check();
}

TEST_CASE("a pinned folio stops it, and the type is restored all the same") {
  World world("M..P.M..");
  const Pfn start = world.folios.toy.at(0);
  CHECK(world.evacuation.empty_pageblock(world.folios.zone(), start, Migratetype::movable, CpuId{}) ==
        ContigFailure::pinned);
  CHECK(world.folios.zone().pageblock(start).type == Migratetype::movable);
  world.folios.toy.check();
}

TEST_CASE("movable folios leave a mixed pageblock, the rest stays") {
  World world("MU.MRM..");
  CHECK(world.evacuation.move_movable_out(world.folios.zone(), world.folios.toy.at(0), CpuId{}) == 3);
  CHECK(world.folios.zone().pageblock(world.folios.toy.at(0)).unmovable == 1);
  CHECK(world.folios.zone().pageblock(world.folios.toy.at(0)).reclaimable == 1);
  world.folios.toy.check();
}

TEST_CASE("candidates are so many clean gigablocks, those with most free memory first or by address") {
  FolioWorld folios(ToySpec{.gigablocks = 4, .gigablock_order = 4, .pageblock_order = 2,
                            .placement = PlacementKind::gigablock_walk});
  folios.paint("MMMM M... .... .... UMMM .... .... .... MMMM MMMM M... .... M... .... .... ....");
  using Ids = std::vector<GigablockId>;
  const Zone& zone = folios.zone();
  CHECK(clean_candidates(zone, ContigOrder::emptiest, 8) == Ids{GigablockId{3}, GigablockId{0}, GigablockId{2}});
  CHECK(clean_candidates(zone, ContigOrder::address, 8) == Ids{GigablockId{0}, GigablockId{2}, GigablockId{3}});
  CHECK(clean_candidates(zone, ContigOrder::emptiest, 1) == Ids{GigablockId{3}});
}
