// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/gigablock.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

// Gigablocks of 16 pages, pageblocks of 4; a drawing shows one gigablock a word of four pageblocks.
ToySpec spec(PlacementKind kind, unsigned gigablocks = 10) {
  return {.gigablocks = gigablocks, .gigablock_order = 4, .pageblock_order = 2, .placement = kind};
}

struct Toy {
  explicit Toy(std::string_view drawing, std::string_view types = "", unsigned gigablocks = 10,
               PlacementKind kind = PlacementKind::gigablock_bitmap)
      : zone(spec(kind, gigablocks)), policy(make_placement(zone.tunables())) {
    zone.paint(drawing, types);
    zone.check();
  }
  Choice choose(Migratetype type, unsigned order = 0, std::uint32_t flags = AllocFlags::nofragment) {
    return policy->choose(zone.zone(), {Order{order}, type, AllocFlags{Watermark::min, flags}}, PlacementMode::normal);
  }
  std::string_view step(Migratetype type, unsigned order = 0, std::uint32_t flags = AllocFlags::nofragment) {
    const Choice choice = choose(type, order, flags);
    return choice.placement ? choice.placement->step : "none";
  }
  std::uint64_t page(Migratetype type, unsigned order = 0, std::uint32_t flags = AllocFlags::nofragment) {
    return (choose(type, order, flags).placement->block - zone.first()).value;
  }

  ToyZone zone;
  std::unique_ptr<PlacementPolicy> policy;
};

constexpr auto kUnmovable = Migratetype::unmovable;
constexpr auto kMovable = Migratetype::movable;
constexpr auto kReclaimable = Migratetype::reclaimable;
constexpr std::string_view kFull = "MMMM MMMM MMMM MMMM ";

std::string full(unsigned gigablocks) {
  std::string drawing;
  for (unsigned i = 0; i < gigablocks; ++i) {
    drawing += kFull;
  }
  return drawing;
}

}  // namespace

TEST_CASE("take_preferred: movable into the fullest clean gigablock, unmovable into a tainted one") {
  Toy toy("M... .... .... .... MMMM MMMM MM.. .... U... .... .... ....", "MMMMMMMMU");
  CHECK(toy.step(kMovable) == "take_preferred");
  CHECK(toy.page(kMovable) / 16 == 1);
  CHECK(toy.step(kUnmovable) == "take_preferred");
}

TEST_CASE("take_preferred packs: of two tainted gigablocks the fuller one serves") {
  Toy toy("U... .... .... .... U... MMMM MMMM ....", "UMMMUMMM");
  CHECK(toy.page(kUnmovable) / 16 == 1);
}

TEST_CASE("whole_first: whole pageblocks of the own type are broken up before parts are used") {
  Toy toy("U... .... UUUU UUUU", "UUUU");
  CHECK(toy.page(kUnmovable) == 1);
  toy.zone.tunables().gigablock_whole_first = true;
  CHECK(toy.page(kUnmovable) == 4);
}

TEST_CASE("a choice says what its search looked at: a walk nine full gigablocks and the one, bitmaps two words") {
  const std::string drawing = full(9) + "M... .... .... ....";
  const SearchWork walk = Toy(drawing, "", 10, PlacementKind::gigablock_walk).choose(kMovable).work;
  CHECK(walk.gigablocks == 10);
  CHECK(walk.bitmap_words == 0);
  const SearchWork bitmap = Toy(drawing).choose(kMovable).work;
  CHECK(bitmap.gigablocks == 0);
  CHECK(bitmap.bitmap_words == 2);
}

TEST_CASE("claim_whole: a free movable pageblock of a tainted gigablock changes its type") {
  Toy toy("UUUU .... MMMM MMMM", "U");
  const Choice choice = toy.choose(kUnmovable);
  CHECK(choice.placement->step == "claim_whole");
  CHECK(choice.placement->action == PlacementAction::claim_blocks);
  toy.zone.tunables().gigablock_claim_whole = false;
  CHECK(toy.step(kUnmovable) == "borrow_movable");
}

TEST_CASE("claim_partial: no compatible half is asked for, and few gigablocks forbid it") {
  const std::string_view drawing = "UUUU MMM. MMMM MMMM";
  Toy toy(drawing, "U");
  CHECK(toy.step(kUnmovable) == "claim_partial");
  CHECK(toy.choose(kUnmovable).placement->action == PlacementAction::claim_pageblock);
  Toy small(drawing, "U", 8);
  CHECK(small.step(kUnmovable) == "borrow_movable");
  toy.zone.tunables().gigablock_claim_partial = false;
  CHECK(toy.step(kUnmovable) == "borrow_movable");
}

TEST_CASE("gate_claims: labels in tainted gigablocks change only with leave, which the atomic ladder gives first") {
  Toy whole("UUUU .... MMMM MMMM", "U");
  Toy partial("UUUU MMM. MMMM MMMM", "U");
  for (Toy* toy : {&whole, &partial}) {
    const std::string_view step = toy->step(kUnmovable);
    toy->zone.tunables().gigablock_gate_claims = true;
    CHECK(toy->step(kUnmovable) == "borrow_movable");
    CHECK(toy->step(kUnmovable, 0, AllocFlags::nofragment | AllocFlags::tainted_ok) == step);
    CHECK(toy->step(kUnmovable, 0, 0) == step);
  }
}

TEST_CASE("borrow_other: from the other non-movable list without a new label") {
  Toy toy("UUUU RRR. MMMM MMMM", "URMM");
  const Choice choice = toy.choose(kUnmovable);
  CHECK(choice.placement->step == "borrow_other");
  CHECK(choice.placement->action == PlacementAction::take);
  CHECK(choice.placement->list == kReclaimable);
  toy.zone.tunables().gigablock_borrow_other = false;
  CHECK(toy.step(kUnmovable) == "none");
}

TEST_CASE("borrow_movable can be switched off") {
  Toy toy("UUUU MMM. MMMM MMMM", "U");
  toy.zone.tunables().gigablock_claim_partial = false;
  toy.zone.tunables().gigablock_borrow_movable = false;
  CHECK(toy.step(kUnmovable) == "none");
}

TEST_CASE("take_empty: movable enters at once, others need leave to mix") {
  Toy toy("UUUU MMMM MMMM MMMM MMMM MMMM MMMM MMMM", "U");
  CHECK(toy.step(kMovable) == "take_empty");
  CHECK(toy.page(kMovable) / 16 == 2);
  CHECK(toy.step(kUnmovable) == "none");
  CHECK(toy.step(kUnmovable, 0, 0) == "take_empty");
  CHECK(toy.choose(kUnmovable, 0, 0).placement->action == PlacementAction::claim_blocks);
  toy.zone.tunables().gigablock_gate_empty = false;
  CHECK(toy.step(kUnmovable) == "take_empty");
  toy.zone.tunables().gigablock_take_empty = false;
  CHECK(toy.step(kUnmovable) == "none");
}

TEST_CASE("movable_into_tainted stops at the reserve") {
  Toy toy("U... .... .... MMMM " + full(9), "U");
  CHECK(toy.step(kMovable) == "movable_into_tainted");
  Toy scarce("U... MMMM .... MMMM " + full(9), "U");
  CHECK(scarce.step(kMovable) == "none");
  CHECK(scarce.step(kMovable, 0, 0) == "steal");
  toy.zone.tunables().gigablock_movable_into_tainted = false;
  CHECK(toy.step(kMovable) == "none");
}

TEST_CASE("take_cma: movable memory with leave enters CMA pageblocks before it touches the reserve") {
  ToySpec cma = spec(PlacementKind::gigablock_bitmap, 4);
  cma.last_is_cma = true;
  ToyZone zone(cma);
  const auto policy = make_placement(zone.tunables());
  while (const auto found = zone.zone().smallest_free(Order{0}, kMovable)) {
    const Pfn block = zone.zone().first_free(*found, kMovable);
    zone.zone().take_block(block, *found, *found, kMovable);
    zone.zone().set_raw(block, *found, kMovable, true);
  }
  const auto choose = [&](std::uint32_t flags) {
    const PlacementRequest request{Order{0}, kMovable, AllocFlags{Watermark::min, flags}};
    return policy->choose(zone.zone(), request, PlacementMode::normal).placement;
  };
  CHECK(choose(AllocFlags::nofragment | AllocFlags::cma)->step == "take_cma");
  CHECK_FALSE(choose(AllocFlags::nofragment).has_value());
}

TEST_CASE("steal: the own type first, in tainted gigablocks before clean ones") {
  Toy toy(full(8) + "UUU. MMM. MMMM MMMM MMM. MMMM MMMM MMMM", std::string(32, 'M') + "U");
  toy.zone.tunables().gigablock_claim_partial = false;
  toy.zone.tunables().gigablock_borrow_movable = false;
  CHECK(toy.page(kMovable, 0, 0) == 9 * 16 + 3);
  toy.zone.tunables().gigablock_movable_into_tainted = false;
  CHECK(toy.step(kReclaimable, 0, 0) == "borrow_other");
  toy.zone.tunables().gigablock_borrow_other = false;
  CHECK(toy.step(kReclaimable, 0, 0) == "steal");
  CHECK(toy.page(kReclaimable, 0, 0) == 8 * 16 + 3);
}

TEST_CASE("relabel_free: an unmovable label on nothing yields to movable requests") {
  Toy toy("MMMM MMMM MMMM .... " + full(9), "MMMU");
  CHECK(toy.step(kMovable) == "relabel_free");
}

TEST_CASE("relabel_free: between the non-movable types only wholly free pageblocks change") {
  Toy toy("UUUU .... RRR. MMMM " + full(9), "UURM");
  toy.zone.tunables().gigablock_borrow_other = false;
  const Choice choice = toy.choose(kReclaimable, 1);
  CHECK(choice.placement->step == "relabel_free");
  CHECK(choice.placement->action == PlacementAction::claim_blocks);
  CHECK(toy.step(kUnmovable, 0, 0) == "take_preferred");
  Toy partial("UUUU U... RRRR MMMM " + full(9), "UURM");
  partial.zone.tunables().gigablock_borrow_other = false;
  CHECK(partial.step(kReclaimable) == "none");
}

TEST_CASE("claim_clean taints only with leave to mix, whole pageblocks first, then with a compatible half") {
  Toy whole(full(9) + "MMMM MMMM MMMM ....");
  CHECK(whole.step(kUnmovable) == "none");
  CHECK(whole.step(kUnmovable, 0, 0) == "claim_clean");
  Toy partial(full(9) + "MMMM MMMM MMMM MM..");
  CHECK(partial.choose(kUnmovable, 0, 0).placement->action == PlacementAction::claim_pageblock);
  Toy mixed(full(9) + "MMMM MMMM MMMM MMM.");
  CHECK(mixed.step(kUnmovable, 0, 0) == "steal");
}

TEST_CASE("a claim without a compatible half is refused with the RFC's reason, and forgotten at the next choice") {
  Toy mixed(full(9) + "MMMM MMMM MMMM MMM.");
  mixed.choose(kUnmovable, 0, 0);
  const auto refusals = mixed.policy->refusals();
  REQUIRE(refusals.size() == 1);
  CHECK(refusals[0].reason == "INSUFFICIENT_COMPAT");
  CHECK(refusals[0].label == kMovable);
  CHECK((refusals[0].block - mixed.zone.first()).value / 16 == 9);
  mixed.choose(kMovable);
  CHECK(mixed.policy->refusals().empty());
}

TEST_CASE("rows are the passes of spb_alloc_walk, and those after its search are NO_PAGE") {
  CHECK(rfc_pass("take_preferred") == "PASS_1");
  CHECK(rfc_pass("borrow_movable") == "PASS_2D");
  CHECK(rfc_pass("movable_into_tainted") == "PASS_4");
  CHECK(rfc_pass("steal") == kNoPass);
  CHECK(stays_in_tainted("PASS_2C"));
  CHECK_FALSE(stays_in_tainted("PASS_3"));
  CHECK_FALSE(stays_in_tainted(kNoPass));
}

TEST_CASE("isolated gigablocks serve nobody") {
  Toy toy("M... .... .... ....", "", 1);
  CHECK(toy.step(kMovable) == "take_preferred");
  toy.zone.zone().set_gigablock_isolated(GigablockId{0}, true);
  CHECK(toy.step(kMovable, 0, 0) == "none");
  toy.zone.check();
}

TEST_CASE("taint comes and goes with the pages") {
  Toy toy("");
  Zone& zone = toy.zone.zone();
  const GigablockIndex& index = *zone.gigablocks();
  CHECK(index.category(GigablockId{0}) == GigablockCategory::empty);
  const Placement taken = *toy.choose(kUnmovable, 0, 0).placement;
  zone.claim_block(taken.block, taken.found, Order{0}, kUnmovable);
  zone.set_raw(taken.block, Order{0}, kUnmovable, false);
  const GigablockId home = zone.gigablock_of(taken.block);
  CHECK(index.category(home) == GigablockCategory::tainted);
  zone.clear_raw(taken.block, Order{0});
  zone.free_one(taken.block, Order{0});
  CHECK(index.category(home) == GigablockCategory::empty);
  CHECK(index.changes().became_tainted == 1);
  CHECK(index.changes().became_clean == 1);
}
