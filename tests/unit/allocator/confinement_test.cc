// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/confinement.h"

#include <doctest/doctest.h>

#include <string>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;
using test::NoRelief;
using test::ToySpec;

namespace {

// 64 pages, pageblocks of 4 pages; the boundary moves by 8.
struct World {
  World(std::string_view drawing, std::string_view types)
      : folios(ToySpec{.gigablocks = 1, .pageblock_order = 2, .placement = PlacementKind::confined}),
        painted((folios.paint(drawing, types), true)) {}

  unsigned work() {
    unsigned steps = 0;
    for (; steps < 100 && confinement.step(CpuId{}); ++steps) {
      folios.toy.check();
    }
    folios.toy.check();
    return steps;
  }
  std::uint64_t boundary() { return (folios.zone().boundary() - folios.toy.first()).value; }

  FolioWorld folios;
  bool painted;  // before anybody looks
  NoRelief relief{};
  PageAllocator allocator{folios.memory(), relief};
  Confinement confinement{allocator, folios.migration};
};

const PageRequest kKernelPage{Order{0}, gfp::kKernel, CpuId{}, NodeId{}};

}  // namespace

TEST_CASE("a full region grows, and what was above its boundary moves on") {
  World world("UUUU UUUU MM.. M...", "UU");
  CHECK(world.work() == 1);
  CHECK(world.boundary() == 16);
  CHECK(world.folios.zone().free_confined() == NrPages{8});
  CHECK(world.confinement.stats().pages_grown == 8);
  CHECK(world.confinement.stats().pages_migrated == 3);
  CHECK(world.confinement.region(world.folios.zone()) == NrPages{16});
}

TEST_CASE("a region with much free memory gives the part next to the boundary back") {
  World world("U... .... .... .... MMMM", "UUUU");
  CHECK(world.work() == 1);
  CHECK(world.boundary() == 8);
  CHECK(world.confinement.stats().pages_shrunk == 8);
}

TEST_CASE("a kernel page next to the boundary holds it where it is") {
  World world("U... .... .... ...U MMMM", "UUUU");
  CHECK(world.work() == 0);
  CHECK(world.boundary() == 16);
  CHECK(world.confinement.stats().stuck == 1);
}

TEST_CASE("the boundary passes over pinned pages") {
  World world("UUUU UUUU PM.. M...", "UU");
  CHECK(world.work() >= 1);
  CHECK(world.boundary() == 16);
  CHECK(world.confinement.stats().pages_migrated == 2);
  CHECK(world.folios.zone().pageblock(world.folios.toy.at(8)).pinned == 1);
}

TEST_CASE("without free movable memory the boundary stays") {
  std::string drawing = "UUUUUUUU";
  drawing.resize(64, 'M');
  World world(drawing, "UU");
  CHECK(world.work() == 0);
  CHECK(world.boundary() == 8);
}

TEST_CASE("a request that found no room pushes the boundary, a movable one does not") {
  World world("UUUU UUUU MM.. M...", "UU");
  CHECK_FALSE(world.confinement.make_room({Order{0}, gfp::kHighuserMovable, CpuId{}, NodeId{}}));
  CHECK_FALSE(world.allocator.alloc_pages(kKernelPage));
  CHECK(world.confinement.make_room(kKernelPage));
  CHECK(world.confinement.stats().grown_for_request == 1);
  CHECK(world.allocator.alloc_pages(kKernelPage) == world.folios.toy.at(8));
  world.folios.toy.check();
}

TEST_CASE("zones of other placements have no boundary") {
  FolioWorld linux_world(ToySpec{1});
  NoRelief relief;
  PageAllocator allocator(linux_world.memory(), relief);
  Confinement confinement(allocator, linux_world.migration);
  CHECK_FALSE(confinement.step(CpuId{}));
  CHECK_FALSE(confinement.make_room(kKernelPage));
}

TEST_CASE("any allocations, frees and moves of the boundary keep every page on its side") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    World world("", "UU");
    RandomStream random(seed, "confinement fuzz");
    std::vector<Pfn> kernel;
    std::vector<FolioId> user;
    for (int i = 0; i < 300; ++i) {
      const std::uint64_t dice = random.below(10);
      if (dice < 3) {
        const auto page = world.allocator.alloc_pages(kKernelPage);
        page ? kernel.push_back(*page) : static_cast<void>(world.confinement.make_room(kKernelPage));
      } else if (dice < 6) {
        const PageRequest wanted{Order{0}, gfp::kHighuserMovable, CpuId{}, NodeId{}};
        const auto folio = world.allocator.alloc_folio(wanted, {.owner = world.folios.owner_id});
        folio ? user.push_back(*folio) : static_cast<void>(world.confinement.step(CpuId{}));
      } else if (dice < 8 && !kernel.empty()) {
        world.allocator.free_pages(kernel.back(), Order{0}, CpuId{});
        kernel.pop_back();
      } else if (!user.empty()) {
        world.allocator.free_folio(user.back(), CpuId{});
        user.pop_back();
      }
      world.confinement.step(CpuId{});
      REQUIRE_NOTHROW(world.folios.toy.check());
      for (const Pfn page : kernel) {
        REQUIRE(page < world.folios.zone().boundary());
      }
    }
  }
}
