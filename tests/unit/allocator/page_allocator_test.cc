// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/page_allocator.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::NoRelief;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kCpu{0};

class Owner : public FolioOwner {
 public:
  std::string_view name() const override { return "owner"; }
  void on_evicted(FolioId, const Folio&) override {}
};

struct World {
  explicit World(const ToySpec& spec = {}) : toy(spec) {}

  ToyZone toy;
  NoRelief relief{};
  PageAllocator allocator{toy.memory(), relief};

  Maybe<Pfn> alloc(unsigned order, Gfp gfp) {
    return allocator.alloc_pages(PageRequest{Order{order}, gfp, kCpu, NodeId{}});
  }
};

}  // namespace

TEST_CASE("allocated pages are raw, counted by type and given back") {
  World world;
  const auto pfn = world.alloc(0, gfp::kHighuserMovable);
  REQUIRE(pfn);
  CHECK(world.toy.zone().pageblock(*pfn).movable == 1);
  world.toy.check();
  world.allocator.free_pages(*pfn, Order{0}, kCpu);
  world.toy.check();
  CHECK(world.toy.zone().pageblock(*pfn).movable == 0);
  CHECK(world.toy.memory().vmstat().get(VmEvent::pgalloc_normal) == 1);
  CHECK(world.toy.memory().vmstat().get(VmEvent::pgfree) == 1);
}

TEST_CASE("a folio joins the most recent end of the LRU list it is meant for") {
  World world;
  Owner owner;
  const OwnerId id = world.toy.memory().folios().register_owner(owner);
  const PageRequest request{Order{0}, gfp::kHighuserMovable, kCpu, NodeId{}};
  const FolioUse use{id, 3, LruList::inactive_file, static_cast<std::uint8_t>(kDirty | kPinned)};
  const auto folio = world.allocator.alloc_folio(request, use);
  REQUIRE(folio);
  CHECK(world.toy.memory().lru(NodeId{}).head(LruList::inactive_file) == folio->value);
  CHECK(world.toy.memory().folios()[*folio].has(kPinned));
  world.toy.check();
  world.allocator.free_folio(*folio, kCpu);
  world.toy.check();
}

TEST_CASE("requests fail below the min watermark, but not those of the reserves") {
  World world;
  world.toy.zone().set_watermarks(Watermarks{{300, 320, 340}, {}});
  CHECK_FALSE(world.alloc(0, gfp::kNowait));
  CHECK(world.relief.kswapd_wakes > 0);
  CHECK(world.alloc(0, gfp::kAtomic));
  CHECK(world.alloc(0, gfp::kNowait.with(Gfp::memalloc)));
}

TEST_CASE("a boost of the watermarks wakes kswapd") {
  World world;
  std::string drawing(256, 'M');
  drawing[7] = '.';
  world.toy.paint(drawing);
  world.toy.zone().set_watermarks(Watermarks{{0, 0, 1}, {}});
  REQUIRE(world.alloc(0, gfp::kKernel.without(Gfp::direct_reclaim)));
  CHECK(world.toy.zone().boost() != NrPages{});
  CHECK(world.relief.kswapd_wakes > 0);
}

TEST_CASE("defrag_mode never mixes types in a pass") {
  World world;
  std::string drawing(256, 'M');
  drawing[7] = '.';
  world.toy.paint(drawing);
  world.toy.tunables().defrag_mode = true;
  const PageRequest request{Order{0}, gfp::kNowait, kCpu, NodeId{}};
  CHECK_FALSE(world.allocator.get_page(request, fast_path_flags(world.toy.memory(), request)));
  world.toy.tunables().defrag_mode = false;
  CHECK(world.allocator.get_page(request, fast_path_flags(world.toy.memory(), request)));
}

TEST_CASE("only zone Normal avoids mixing types at first") {
  World normal;
  World dma32(ToySpec{.zone = ZoneType::dma32});
  const PageRequest request{Order{0}, gfp::kNowait, kCpu, NodeId{}};
  CHECK(fast_path_flags(normal.toy.memory(), request).has(AllocFlags::nofragment));
  CHECK_FALSE(fast_path_flags(dma32.toy.memory(), request).has(AllocFlags::nofragment));
}

TEST_CASE("flags of the slow path follow what the caller may do") {
  World world;
  const auto flags = [&](unsigned order, Gfp gfp) {
    return slow_path_flags(world.toy.memory(), PageRequest{Order{order}, gfp, kCpu, NodeId{}});
  };
  CHECK(flags(0, gfp::kAtomic).has(AllocFlags::non_block));
  CHECK_FALSE(flags(0, gfp::kAtomic).has(AllocFlags::highatomic));
  CHECK(flags(1, gfp::kAtomic).has(AllocFlags::highatomic));
  CHECK_FALSE(flags(1, gfp::kKernel).has(AllocFlags::non_block));
  CHECK_FALSE(flags(9, gfp::kTranshugeLight).has(AllocFlags::non_block));
  CHECK(flags(0, gfp::kHighuserMovable).has(AllocFlags::cma));
}

TEST_CASE("allocations and frees charge the meter") {
  World world;
  const auto before = world.allocator.meter().spent();
  const auto pfn = world.alloc(0, gfp::kKernel);
  world.allocator.free_pages(*pfn, Order{0}, kCpu);
  CHECK(world.allocator.meter().spent() > before);
  CHECK(world.allocator.meter().units(WorkKind::pcp_alloc) == 1);
  CHECK(world.allocator.meter().units(WorkKind::zone_lock) == 1);
}
