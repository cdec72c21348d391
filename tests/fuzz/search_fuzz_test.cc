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

/** GBSIM_FUZZ_SEARCHES raises it. */
int operations() {
  const char* text = std::getenv("GBSIM_FUZZ_SEARCHES");
  return text == nullptr ? 100'000 : std::atoi(text);
}

constexpr int kSeeds = 10;

/** The first seed has every step, the others lack some at random. */
void ablate(GigablockTunables& knobs, std::uint64_t seed) {
  RandomStream random(seed, "ablation");
  using G = GigablockTunables;
  for (const auto flag : {&G::gigablock_claim_whole, &G::gigablock_claim_partial, &G::gigablock_borrow_other,
                          &G::gigablock_borrow_movable, &G::gigablock_take_empty, &G::gigablock_movable_into_tainted}) {
    knobs.*flag = seed == 1 || random.chance(0.7);
  }
  knobs.gigablock_gate_empty = seed == 1 || random.chance(0.5);
  knobs.gigablock_whole_first = seed != 1 && random.chance(0.5);
}

PlacementRequest any_request(RandomStream& random) {
  const std::uint32_t flags = random.chance(0.5) ? AllocFlags::nofragment : 0U;
  return {Order{static_cast<unsigned>(random.below(4))}, static_cast<Migratetype>(random.below(3)),
          AllocFlags{Watermark::min, flags}};
}

void compare_choices(std::uint64_t seed, int nr_operations) {
  World world(seed);
  ablate(world.toy.tunables(), seed);
  const GigablockTunables& knobs = world.toy.tunables();
  GigablockTunables scanning = knobs;
  scanning.bitmap_summary = false;
  GigablockPlacement naive("naive", knobs, std::make_unique<NaiveSearch>(world.toy.zone()));
  GigablockPlacement walk("walk", knobs, std::make_unique<WalkSearch>());
  GigablockPlacement stepping("stepping", knobs, std::make_unique<SteppingWalkSearch>());
  GigablockPlacement bitmap("bitmap", knobs, std::make_unique<BitmapSearch>(knobs));
  GigablockPlacement scan("scan", knobs, std::make_unique<BitmapSearch>(scanning));
  for (int i = 0; i < nr_operations; ++i) {
    world.step();
    const PlacementRequest request = any_request(world.random);
    const auto choice = [&](GigablockPlacement& policy) {
      return policy.choose(world.toy.zone(), request, PlacementMode::normal);
    };
    const std::string expected = text_of(choice(naive));
    CAPTURE(i);
    for (GigablockPlacement* policy : {&walk, &stepping, &bitmap, &scan}) {
      REQUIRE(text_of(choice(*policy)) == expected);
    }
  }
  world.toy.check();
  CHECK(walk.search_cost().gigablocks_examined > walk.search_cost().picks);
  CHECK(stepping.search_cost().gigablocks_examined == walk.search_cost().gigablocks_examined);
  CHECK(bitmap.search_cost().false_positives == 0);
  CHECK(bitmap.search_cost().bitmap_words < scan.search_cost().bitmap_words);
}

}  // namespace

TEST_CASE("walk, bitmaps and a naive search choose alike, whichever steps are left out") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    compare_choices(seed, operations() / kSeeds);
  }
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
