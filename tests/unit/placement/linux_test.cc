// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/linux.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

PlacementRequest request(unsigned order, Migratetype type, std::uint32_t flags = 0) {
  return {Order{order}, type, AllocFlags{Watermark::min, flags}};
}

/** All memory used but for the drawing, which starts at the first page. */
std::string rest_used(std::string drawing, char rest = 'M') {
  std::erase(drawing, ' ');
  drawing.resize(256, rest);
  return drawing;
}

}  // namespace

TEST_CASE("a request stays on its own lists while they can serve it") {
  ToyZone toy;
  toy.paint("UU...... ........", "U");
  const Choice choice = choose_linux(toy.zone(), request(0, Migratetype::unmovable), PlacementMode::normal);
  REQUIRE(choice.placement);
  CHECK(choice.placement->step == "take_own");
  CHECK(choice.placement->found == Order{1});
  CHECK(choice.placement->block == toy.at(2));
}

TEST_CASE("6.12 claims a whole free pageblock before it mixes types") {
  ToyZone toy;
  toy.paint(rest_used("MMMM.... ........"));
  const Choice choice = choose_linux(toy.zone(), request(0, Migratetype::unmovable), PlacementMode::normal);
  REQUIRE(choice.placement);
  CHECK(choice.placement->step == "claim");
  CHECK(choice.placement->action == PlacementAction::claim_blocks);
  CHECK(choice.placement->block == toy.at(8));
  CHECK(choice.boosts == 0);
}

TEST_CASE("6.12 claims a pageblock that is half compatible, and boosts") {
  ToyZone toy;
  toy.paint(rest_used("MMMM...."));
  const Choice choice = choose_linux(toy.zone(), request(0, Migratetype::unmovable), PlacementMode::normal);
  REQUIRE(choice.placement);
  CHECK(choice.placement->action == PlacementAction::claim_pageblock);
  CHECK(choice.placement->mode == PlacementMode::normal);
  CHECK(choice.boosts == 1);
}

TEST_CASE("6.12 steals the smallest block when nothing can be claimed, and goes on stealing") {
  ToyZone toy;
  toy.paint(rest_used("MMMMMM.. MMMMMMM."));
  const Choice choice = choose_linux(toy.zone(), request(0, Migratetype::unmovable), PlacementMode::normal);
  REQUIRE(choice.placement);
  CHECK(choice.placement->step == "steal");
  CHECK(choice.placement->action == PlacementAction::take);
  CHECK(choice.placement->block == toy.at(15));
  CHECK(choice.placement->mode == PlacementMode::steal);
  CHECK(choice.boosts == 2);
}

TEST_CASE("without leave to mix only whole pageblocks are taken over") {
  ToyZone toy;
  toy.paint(rest_used("MMMM...."));
  const auto careful = request(0, Migratetype::unmovable, AllocFlags::nofragment);
  CHECK_FALSE(choose_linux(toy.zone(), careful, PlacementMode::normal).placement);
  toy.paint(rest_used("MMMM.... ........"));
  CHECK(choose_linux(toy.zone(), careful, PlacementMode::normal).placement);
}

TEST_CASE("6.1 moves the free pages of a pageblock it may not claim") {
  ToyZone toy(ToySpec{.kernel = KernelVersion::v6_1});
  toy.paint(rest_used("MMMMMM.. "));
  const Choice choice = choose_linux(toy.zone(), request(0, Migratetype::unmovable), PlacementMode::normal);
  REQUIRE(choice.placement);
  CHECK(choice.placement->step == "move_fallback");
  CHECK(choice.placement->action == PlacementAction::move_pageblock);
}

TEST_CASE("6.1 gives a small movable request the smallest foreign block") {
  ToyZone toy(ToySpec{.pageblock_order = 4, .kernel = KernelVersion::v6_1});
  toy.paint(rest_used("UUUUUU.. UUUUUUU. UUUUUUUU UUUUUUUU", 'U'), std::string(16, 'U'));
  const Choice choice = choose_linux(toy.zone(), request(0, Migratetype::movable), PlacementMode::normal);
  REQUIRE(choice.placement);
  CHECK(choice.placement->action == PlacementAction::move_chunk);
  CHECK(choice.placement->found == Order{0});
}

TEST_CASE("the highatomic reserve is no fallback and has none") {
  ToyZone toy;
  toy.paint(rest_used("........"), "H");
  CHECK_FALSE(choose_linux(toy.zone(), request(0, Migratetype::movable), PlacementMode::normal).placement);
  CHECK(choose_linux(toy.zone(), request(0, Migratetype::highatomic), PlacementMode::normal).placement);
}

TEST_CASE("movable requests use CMA blocks first when these hold half of free memory") {
  ToyZone toy;
  toy.paint(rest_used("........ MMMM...."), "");
  toy.zone().set_pageblock_type(toy.first(), Migratetype::cma);
  toy.zone().move_freepages(toy.first(), Migratetype::cma);
  const auto movable = request(0, Migratetype::movable, AllocFlags::cma);
  CHECK(choose_linux(toy.zone(), movable, PlacementMode::normal).placement->list == Migratetype::cma);
  const auto plain = request(0, Migratetype::movable);
  CHECK(choose_linux(toy.zone(), plain, PlacementMode::normal).placement->list == Migratetype::movable);
}

TEST_CASE("steps are listed in order of risk for both kernels") {
  for (const KernelRules& rules : kKernelRules) {
    CHECK(std::ranges::is_sorted(linux_steps(rules), {}, &PlacementStep::mode));
  }
}
