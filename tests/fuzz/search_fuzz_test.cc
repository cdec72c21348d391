// SPDX-License-Identifier: GPL-2.0-or-later
// Walk and bitmaps must pick the same gigablock by the same step; what differs is what it costs.
#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/random.h"
#include "sim/placement/gigablock.h"
#include "toy_zone.h"

using namespace gbsim;
using gbsim::test::NoRelief;
using gbsim::test::ToySpec;
using gbsim::test::ToyZone;

namespace {

/** Looks at every gigablock in turn, at nothing that is derived but its category and fullness. */
class NaiveSearch : public GigablockSearch {
 public:
  explicit NaiveSearch(const Zone& zone) : zone_(zone) {}

 private:
  std::optional<GigablockId> pick(const GigablockIndex& index, const GigablockWanted& wanted) override {
    std::optional<GigablockId> best;
    for (std::uint32_t i = 0; i < zone_.nr_gigablocks(); ++i) {
      const GigablockId id{i};
      const bool fits = index.category(id) == wanted.category && index.fullness(id) >= wanted.from &&
                        zone_.smallest_free_in(id, wanted.least, wanted.type).has_value();
      if (fits && (!best || index.fullness(id) < index.fullness(*best))) {
        best = id;
      }
    }
    return best;
  }

  const Zone& zone_;
};

struct World {
  explicit World(std::uint64_t seed)
      : toy(ToySpec{.gigablocks = 70, .gigablock_order = 4, .pageblock_order = 2,
                    .placement = PlacementKind::gigablock_bitmap}),
        random(seed, "search fuzz") {}

  void step() {
    if (random.chance(0.55) || live.empty()) {
      constexpr std::array kShapes{gfp::kNowait, gfp::kAtomic, gfp::kHighuserMovable.without(Gfp::direct_reclaim),
                                   gfp::kNowait.with(Gfp::reclaimable), gfp::kAtomic.with(Gfp::memalloc)};
      const Order order{random.chance(0.7) ? 0U : static_cast<unsigned>(random.below(4))};
      const PageRequest request{order, kShapes[random.below(kShapes.size())], CpuId{}, NodeId{}};
      if (const auto pfn = allocator.alloc_pages(request)) {
        live.push_back({*pfn, order});
      }
      return;
    }
    const std::size_t i = random.below(live.size());
    allocator.free_pages(live[i].first, live[i].second, CpuId{});
    live[i] = live.back();
    live.pop_back();
  }

  ToyZone toy;
  NoRelief relief{};
  PageAllocator allocator{toy.memory(), relief};
  RandomStream random;
  std::vector<std::pair<Pfn, Order>> live{};
};

std::string text_of(const Choice& choice) {
  if (!choice.placement) {
    return "nothing";
  }
  const Placement& p = *choice.placement;
  return std::string(p.step) + " pfn " + std::to_string(p.block.value) + " order " + std::to_string(p.found.value) +
         " list " + std::string(name(p.list)) + " action " + std::to_string(static_cast<int>(p.action));
}

int operations() {
  const char* text = std::getenv("GBSIM_FUZZ_SEARCHES");
  return text == nullptr ? 100'000 : std::atoi(text);
}

}  // namespace

TEST_CASE("walk, bitmaps and a naive search choose alike") {
  World world(1);
  const GigablockTunables& knobs = world.toy.tunables();
  GigablockTunables scanning = knobs;
  scanning.bitmap_summary = false;
  GigablockPlacement walk("walk", knobs, std::make_unique<WalkSearch>());
  GigablockPlacement bitmap("bitmap", knobs, std::make_unique<BitmapSearch>(knobs));
  GigablockPlacement scan("scan", knobs, std::make_unique<BitmapSearch>(scanning));
  GigablockPlacement naive("naive", knobs, std::make_unique<NaiveSearch>(world.toy.zone()));
  for (int i = 0; i < operations(); ++i) {
    world.step();
    const std::uint32_t flags = world.random.chance(0.5) ? AllocFlags::nofragment : 0U;
    const PlacementRequest request{Order{static_cast<unsigned>(world.random.below(4))},
                                   static_cast<Migratetype>(world.random.below(3)), AllocFlags{Watermark::min, flags}};
    const auto choice = [&](GigablockPlacement& policy) {
      return text_of(policy.choose(world.toy.zone(), request, PlacementMode::normal));
    };
    const std::string expected = choice(naive);
    CAPTURE(i);
    REQUIRE(choice(walk) == expected);
    REQUIRE(choice(bitmap) == expected);
    REQUIRE(choice(scan) == expected);
  }
  world.toy.check();
  CHECK(walk.search_cost().gigablocks_examined > walk.search_cost().picks);
  CHECK(bitmap.search_cost().false_positives == 0);
  CHECK(bitmap.search_cost().bitmap_words < scan.search_cost().bitmap_words);
}

TEST_CASE("bitmaps as first proposed meet false positives and still find what there is") {
  World world(2);
  GigablockTunables proposed = world.toy.tunables();
  proposed.bitmap_typed = proposed.bitmap_at_least = proposed.bitmap_fullness = proposed.bitmap_summary = false;
  BitmapSearch search(proposed);
  NaiveSearch naive(world.toy.zone());
  const GigablockIndex& index = *world.toy.zone().gigablocks();
  for (int i = 0; i < operations() / 10; ++i) {
    world.step();
    const GigablockWanted wanted{static_cast<GigablockCategory>(world.random.below(3)),
                                 static_cast<Migratetype>(world.random.below(3)),
                                 Order{static_cast<unsigned>(world.random.below(4))}};
    const auto found = search.find(index, wanted);
    REQUIRE(found.has_value() == naive.find(index, wanted).has_value());
    if (found) {
      REQUIRE(index.category(*found) == wanted.category);
      REQUIRE(world.toy.zone().smallest_free_in(*found, wanted.least, wanted.type));
    }
  }
  CHECK(search.cost().false_positives > 0);
}
