// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/confined.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

// 64 pages, pageblocks of 4, blocks of at most 8; what a drawing does not reach is full of movable pages.
struct Toy {
  explicit Toy(std::string drawing, std::string_view types)
      : zone(ToySpec{.gigablocks = 1, .pageblock_order = 2, .placement = PlacementKind::confined}),
        policy(make_placement(zone.tunables())) {
    std::erase(drawing, ' ');
    drawing.resize(64, 'M');
    zone.paint(drawing, types);
    zone.check();
  }
  Choice choose(Migratetype type, unsigned order = 0, std::uint32_t flags = 0) {
    return policy->choose(zone.zone(), {Order{order}, type, AllocFlags{Watermark::min, flags}}, PlacementMode::normal);
  }
  std::string_view step(Migratetype type, unsigned order = 0, std::uint32_t flags = 0) {
    const Choice choice = choose(type, order, flags);
    return choice.placement ? choice.placement->step : "none";
  }

  ToyZone zone;
  std::unique_ptr<PlacementPolicy> policy;
};

constexpr auto kUnmovable = Migratetype::unmovable;
constexpr auto kReclaimable = Migratetype::reclaimable;
constexpr auto kMovable = Migratetype::movable;

}  // namespace

TEST_CASE("movable requests never enter the region below the boundary") {
  Toy toy("UU.. .... MMMM", "UU");
  CHECK(toy.step(kMovable) == "none");
}

TEST_CASE("non-movable requests never leave it") {
  Toy toy("UUUU UUUU .... ....", "UU");
  CHECK(toy.step(kUnmovable) == "none");
  CHECK(toy.step(kReclaimable) == "none");
  CHECK(toy.step(kMovable) == "take_movable");
}

TEST_CASE("kernel memory is taken far from the boundary") {
  Toy toy("U.UU UUUU UUUU UU.U", "UUUU");
  const Choice choice = toy.choose(kUnmovable);
  CHECK(choice.placement->step == "take_lowest");
  CHECK(choice.placement->block == toy.zone.at(1));
}

TEST_CASE("how many blocks are looked at for that is bounded") {
  Toy toy("U.UU UUUU UUUU UU.U", "UUUU");
  toy.zone.tunables().confined_looks = 1;
  CHECK(toy.choose(kUnmovable).placement->block == toy.zone.zone().first_free(Order{0}, kUnmovable));
}

TEST_CASE("a pageblock of the other kind that is half free changes its type") {
  Toy toy("UUUU RR.. UUUU UUUU", "URUU");
  const Choice choice = toy.choose(kUnmovable);
  CHECK(choice.placement->step == "claim_other");
  CHECK(choice.placement->action == PlacementAction::claim_pageblock);
}

TEST_CASE("of one that is fuller only a page is borrowed") {
  Toy toy("UUUU RRR. UUUU UUUU", "URUU");
  const Choice choice = toy.choose(kUnmovable);
  CHECK(choice.placement->step == "borrow_other");
  CHECK(choice.placement->action == PlacementAction::take);
  CHECK(toy.step(kReclaimable) == "take_lowest");
}

TEST_CASE("the region's last pages are for requests that cannot wait") {
  Toy toy("UUU. UUUU", "UU");
  toy.zone.zone().set_watermarks(Watermarks{{8, 10, 12}, {}});
  CHECK(toy.step(kUnmovable) == "none");
  CHECK(toy.step(kUnmovable, 0, AllocFlags::min_reserve) == "take_lowest");
  CHECK(toy.step(kUnmovable, 0, AllocFlags::non_block) == "take_lowest");
}

TEST_CASE("steps have names of their own and are counted") {
  Toy toy("U.UU UUUU", "UU");
  toy.choose(kUnmovable);
  CHECK(toy.policy->steps().size() == confined_steps().size());
  for (const StepCount& step : toy.policy->steps()) {
    CHECK(step.served == (step.step == "take_lowest" ? 1 : 0));
  }
}

TEST_CASE("the boundary leaves its share of the zone below it at boot") {
  ToyZone toy(ToySpec{.placement = PlacementKind::confined});
  CHECK((toy.zone().boundary() - toy.first()).value == 16);  // 5 % of 256 pages, in blocks of 16
  CHECK(toy.zone().free_confined() == NrPages{16});
  toy.check();
}
