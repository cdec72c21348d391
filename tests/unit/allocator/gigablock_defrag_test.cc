// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gigablock_defrag.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;
using test::NoRelief;
using test::ToySpec;

namespace {

// Gigablocks of 8 pageblocks of 4 pages; one whole pageblock is the reserve.
struct World {
  explicit World(std::string_view drawing, std::string_view types = "U")
      : folios(ToySpec{.gigablocks = 4, .gigablock_order = 5, .pageblock_order = 2,
                       .placement = PlacementKind::gigablock_bitmap}),
        painted((folios.paint(drawing, types), true)) {
    defrag.on_work([this] { ++woken; });
  }
  void work() {
    while (defrag.step(CpuId{})) {
    }
    folios.toy.check();
  }
  std::uint32_t free_pageblocks() { return folios.zone().gigablocks()->counts(GigablockId{0}).free; }

  FolioWorld folios;
  bool painted;  // before anybody listens
  NoRelief relief{};
  PageAllocator allocator{folios.memory(), relief};
  ShrinkSlab slab{folios.memory()};
  GigablockDefrag defrag{allocator, folios.migration, slab};
  int woken = 0;
};

constexpr std::string_view kTaintedAndFull = "UUUU M.M. MMMM MMMM MMMM MMMM MMMM MMMM ";
const PageRequest kKernelPages{Order{1}, gfp::kKernel, CpuId{}, NodeId{}};

}  // namespace

TEST_CASE("a tainted gigablock below its reserve is defragmented to the goal, cheapest pageblock first") {
  World world(kTaintedAndFull);
  world.defrag.tainted_exhausted(world.folios.zone());
  CHECK(world.woken > 0);
  world.work();
  CHECK(world.free_pageblocks() == 2);
  CHECK(world.defrag.stats().pageblocks_freed == 2);
  CHECK(world.defrag.stats().pages_migrated == 6);
  CHECK(world.defrag.stats().productive_runs == 1);
}

TEST_CASE("the end of a run tells what it moved and freed, in vain or not") {
  std::vector<GigablockDefragRun> runs;
  World world(kTaintedAndFull);
  world.defrag.on_run_end([&](const GigablockDefragRun& run) { runs.push_back(run); });
  world.defrag.tainted_exhausted(world.folios.zone());
  world.work();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].gigablock == GigablockId{16});
  CHECK(runs[0].migrated == NrPages{6});
  CHECK(runs[0].pageblocks_freed == 2);
}

TEST_CASE("a run in vain is not repeated before the cool-down is over") {
  World world("UUUU PM.. PMMM PMMM PMMM PMMM PMMM PMMM ");
  world.defrag.tainted_exhausted(world.folios.zone());
  world.work();
  CHECK(world.defrag.stats().runs == 1);
  CHECK(world.defrag.stats().productive_runs == 0);
  world.defrag.tainted_exhausted(world.folios.zone());
  CHECK(world.defrag.stats().runs == 1);
  world.folios.toy.clock().now = world.folios.toy.tunables().gigablock_defrag_cooldown;
  world.defrag.tainted_exhausted(world.folios.zone());
  CHECK(world.defrag.stats().runs == 2);
}

TEST_CASE("clean gigablocks, and those with room, are left alone") {
  World clean("MMMM M.M. MMMM MMMM MMMM MMMM MMMM MMMM ", "");
  clean.defrag.tainted_exhausted(clean.folios.zone());
  World room("UUUU .... .... MMMM MMMM MMMM MMMM MMMM ");
  room.defrag.tainted_exhausted(room.folios.zone());
  CHECK(clean.defrag.stats().runs + room.defrag.stats().runs == 0);
  World off(kTaintedAndFull);
  off.folios.toy.tunables().gigablock_defrag = false;
  off.defrag.tainted_exhausted(off.folios.zone());
  CHECK(off.defrag.stats().runs == 0);
}

TEST_CASE("filling a tainted gigablock triggers by itself") {
  World world("UUUU .... MMMM MMMM MMMM MMMM MMMM MMMM ");
  world.folios.add_large(4, 2);
  CHECK(world.defrag.stats().runs == 1);
}

TEST_CASE("an allocation evacuates a bounded number of pageblocks before it taints") {
  World world(kTaintedAndFull);
  CHECK(world.defrag.evacuate_for(kKernelPages));
  CHECK(world.defrag.stats().pageblocks_freed == 1);
  CHECK(world.defrag.stats().evacuations_useful == 1);
  world.folios.toy.tunables().gigablock_evacuate = false;
  CHECK_FALSE(world.defrag.evacuate_for(kKernelPages));
}

TEST_CASE("movable pages leave pageblocks of the wanted type first") {
  World world("UMUM UUUU UUUU UUUU UUUU UUUU UUUU UUUU ", "UUUUUUUU");
  CHECK(world.defrag.evacuate_for(kKernelPages));
  CHECK(world.folios.zone().pageblock(world.folios.toy.at(0)).movable == 0);
}

TEST_CASE("defrag_goal is how far beyond the reserve a run goes") {
  World world(kTaintedAndFull);
  world.folios.toy.tunables().gigablock_defrag_goal = 0;
  world.defrag.tainted_exhausted(world.folios.zone());
  world.work();
  CHECK(world.free_pageblocks() == 1);
}

TEST_CASE("flat runs start at one free pageblock or two of free pages, and end at two or three") {
  World world("UUUU .... M.M. MMMM MMMM MMMM MMMM MMMM ");
  world.defrag.tainted_exhausted(world.folios.zone());
  CHECK(world.defrag.stats().runs == 0);
  world.folios.toy.tunables().gigablock_defrag_start = DefragStart::flat;
  world.defrag.tainted_exhausted(world.folios.zone());
  CHECK(world.defrag.stats().runs == 1);
  world.work();
  CHECK(world.free_pageblocks() == 2);
}

TEST_CASE("evacuation_candidates bounds what one allocation may have emptied") {
  World world("UUUU UUUU UUUU UUUU UUUU UUUU UUUU UUUU UUUU MMMM MMMM MMMM MMMM MMMM MMMM MMMM ");
  world.folios.toy.tunables().gigablock_evacuation_candidates = 0;
  CHECK_FALSE(world.defrag.evacuate_for(kKernelPages));
  world.folios.toy.tunables().gigablock_evacuation_candidates = 2;
  CHECK(world.defrag.evacuate_for(kKernelPages));
  CHECK(world.defrag.stats().pageblocks_freed == 1);  // one a gigablock in a round, and one is tainted with movable
}

namespace {

/** Remembers what it was asked to shrink. */
class Listening : public Shrinker {
 public:
  std::string_view name() const override { return "listening"; }
  std::uint64_t count_objects(NodeId) const override { return 100'000; }
  std::uint64_t scan_objects(const ShrinkScope& scope, std::uint64_t) override {
    scopes.push_back(scope);
    return 0;
  }
  std::vector<ShrinkScope> scopes{};
};

}  // namespace

TEST_CASE("targeted shrinking asks for objects of the tainted gigablock with most reclaimable pageblocks only") {
  World world("UUUU MMMM MMMM MMMM MMMM MMMM MMMM MMMM RRRR RRRR MMMM MMMM MMMM MMMM MMMM MMMM ", "UMMMMMMMRR");
  Listening cache;
  world.slab.add(cache);
  world.folios.toy.tunables().gigablock_shrink_targeted = true;
  for (int round = 0; round < 40 && cache.scopes.empty(); ++round) {
    world.folios.toy.clock().now += world.folios.toy.tunables().gigablock_shrink_interval;
    world.defrag.tainted_exhausted(world.folios.zone());
    world.work();
  }
  REQUIRE_FALSE(cache.scopes.empty());
  CHECK_FALSE(cache.scopes[0].is_node());
  CHECK(cache.scopes[0].first == world.folios.toy.at(32));
  CHECK(cache.scopes[0].until == world.folios.toy.at(64));
}

TEST_CASE("slabs are shrunk at most once an interval") {
  World world(kTaintedAndFull);
  world.defrag.tainted_exhausted(world.folios.zone());
  world.work();
  world.defrag.tainted_exhausted(world.folios.zone());
  world.work();
  CHECK(world.defrag.stats().slab_shrinks == 1);
}

TEST_CASE("shrink_slab can be switched off") {
  World world(kTaintedAndFull);
  world.folios.toy.tunables().gigablock_shrink_slab = false;
  world.defrag.tainted_exhausted(world.folios.zone());
  world.work();
  CHECK(world.defrag.stats().slab_shrinks == 0);
  CHECK(world.defrag.stats().runs == 1);
}

TEST_CASE("contig_first: a movable request of a pageblock has the cheapest one of clean gigablocks emptied for it") {
  constexpr std::string_view kCleanAndScattered =
      "UUUU UUUU UUUU UUUU UUUU UUUU UUUU UUUU MMM. MM.. M... MMM. MMMM MMMM MMMM MMMM ";
  const auto like = [](unsigned order, Gfp gfp) { return PageRequest{Order{order}, gfp, CpuId{}, NodeId{}}; };
  World world(std::string(kCleanAndScattered) + std::string(64, 'U'), "UUUUUUUU");
  CHECK_FALSE(world.defrag.empty_clean_for(like(2, gfp::kHighuserMovable)));
  world.folios.toy.tunables().gigablock_contig_first = true;
  CHECK_FALSE(world.defrag.empty_clean_for(like(1, gfp::kHighuserMovable)));
  CHECK_FALSE(world.defrag.empty_clean_for(like(2, gfp::kKernel)));
  CHECK(world.defrag.empty_clean_for(like(2, gfp::kHighuserMovable)));
  CHECK(world.folios.zone().pageblock(world.folios.toy.at(40)).free == 4);
  CHECK(world.folios.count(VmEvent::pgmigrate_success) == 1);
  CHECK(world.defrag.stats().contig_emptied == 1);
  world.folios.toy.check();
}
