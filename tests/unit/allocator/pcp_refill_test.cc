// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/pcp_refill.h"

#include <doctest/doctest.h>

#include <string>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kFirst{0};
constexpr CpuId kSecond{1};

ToySpec buddy(PlacementKind placement = PlacementKind::linux) {
  return {.cpus = 2, .placement = placement, .pcp = PcpKind::pcpbuddy};
}

/** Lists may hold @high pages. */
void set_high(ToyZone& toy, int high) {
  for (const CpuId cpu : {kFirst, kSecond}) {
    PcpLists& pcp = toy.zone().pcp(cpu);
    pcp.high = pcp.high_min = pcp.high_max = high;
  }
}

Maybe<Pfn> take(ToyZone& toy, Migratetype type, CpuId cpu = kFirst, unsigned order = 0) {
  const auto placement = make_placement(toy.tunables());
  Rmqueue queue(toy.memory(), *placement, toy.zone(), cpu);
  const auto pfn = queue.take({Order{order}, type, AllocFlags{Watermark::min}});
  if (pfn) {
    toy.zone().set_raw(*pfn, Order{order}, type, type == Migratetype::movable);
  }
  toy.check();
  return pfn;
}

const PcpBuddy& owners(ToyZone& toy) { return *toy.zone().pcp_buddy(); }

std::uint64_t refilled(ToyZone& toy, RefillPhase phase) {
  return owners(toy).counts().refill_pages[static_cast<std::size_t>(phase)];
}

std::string rest_used(std::string drawing) {
  std::erase(drawing, ' ');
  drawing.resize(256, 'M');
  return drawing;
}

}  // namespace

TEST_CASE("claim: a refill takes a whole pageblock and the CPU owns it") {
  ToyZone toy(buddy());
  toy.paint("");
  set_high(toy, 64);
  const auto pfn = take(toy, Migratetype::movable);
  REQUIRE(pfn);
  CHECK(refilled(toy, RefillPhase::claim) == 8);
  CHECK(toy.zone().pcp_pages() == NrPages{7});
  CHECK(owners(toy).owner(toy.zone().page(*pfn) >> 3) == kFirst);
  CHECK(owners(toy).counts().splits == 3);
}

TEST_CASE("claim: not for less than the share that the tunable asks for, nor beyond what lists may hold") {
  ToyZone toy(buddy());
  toy.paint("");
  set_high(toy, 64);
  toy.tunables().pcpbuddy_claim_at = 1.0;
  REQUIRE(take(toy, Migratetype::movable));
  CHECK(refilled(toy, RefillPhase::claim) == 0);
  toy.tunables().pcpbuddy_claim_at = 0.1;
  set_high(toy, 7);
  REQUIRE(take(toy, Migratetype::movable));
  CHECK(owners(toy).counts().claimed == 0);
  CHECK(refilled(toy, RefillPhase::chunk) > 0);
}

TEST_CASE("chunk: parts of pageblocks come without ownership and without stealing") {
  ToyZone toy(buddy());
  toy.paint(rest_used("MMMM...."));
  set_high(toy, 64);
  REQUIRE(take(toy, Migratetype::movable));
  CHECK(refilled(toy, RefillPhase::chunk) == 1);
  CHECK_FALSE(owners(toy).owner(0));
}

TEST_CASE("fallback: what any allocation could have, when the own lists are empty") {
  ToyZone toy(buddy());
  toy.paint(rest_used("MMMM...."));
  set_high(toy, 64);
  REQUIRE(take(toy, Migratetype::unmovable));
  CHECK(refilled(toy, RefillPhase::chunk) == 0);
  CHECK(refilled(toy, RefillPhase::fallback) == 1);
}

TEST_CASE("recover: parts of an own pageblock that were drained come back before anything else is taken") {
  ToyZone toy(buddy());
  toy.paint("");
  set_high(toy, 64);
  const auto pfn = take(toy, Migratetype::movable);
  REQUIRE(pfn);
  const std::size_t block = toy.zone().page(*pfn) >> 3;
  toy.memory().drain_pcp(kFirst);
  toy.check();
  CHECK(owners(toy).owner(block) == kFirst);
  CHECK(owners(toy).is_recoverable(block));
  const auto next = take(toy, Migratetype::movable);
  REQUIRE(next);
  CHECK((toy.zone().page(*next) >> 3) == block);
  CHECK(refilled(toy, RefillPhase::recover) == 7);
  CHECK(owners(toy).counts().claimed == 1);
  CHECK_FALSE(owners(toy).is_recoverable(block));
}

TEST_CASE("adopt: partly used pageblocks of a non-movable type, where the tunable allows") {
  ToyZone toy(buddy());
  toy.paint(rest_used("UUUU...."), "U");
  set_high(toy, 64);
  REQUIRE(take(toy, Migratetype::unmovable));
  CHECK(owners(toy).counts().adopted == 0);
  toy.memory().drain_all_pcp();
  toy.tunables().pcpbuddy_adopt = PcpAdopt::anywhere;
  REQUIRE(take(toy, Migratetype::unmovable));
  CHECK(owners(toy).counts().adopted == 1);
  CHECK(refilled(toy, RefillPhase::adopt) == 3);
  CHECK(owners(toy).owner(0) == kFirst);
}

TEST_CASE("adopt: in tainted gigablocks by default, and never another CPU's pageblock") {
  ToyZone toy(buddy(PlacementKind::gigablock_bitmap));
  toy.paint(rest_used("UUUU...."), "U");
  set_high(toy, 64);
  REQUIRE(take(toy, Migratetype::unmovable));
  CHECK(owners(toy).counts().adopted == 1);
  toy.memory().drain_pcp(kFirst);
  REQUIRE(take(toy, Migratetype::unmovable, kSecond));
  CHECK(owners(toy).counts().adopted == 1);
  CHECK(owners(toy).owner(0) == kFirst);
  CHECK(refilled(toy, RefillPhase::chunk) > 0);
}

TEST_CASE("the steps stand in the order of their phases") {
  for (std::size_t i = 0; i < refill_steps().size(); ++i) {
    CHECK(static_cast<std::size_t>(refill_steps()[i].phase) == i);
  }
  CHECK(refill_steps().size() == kNrRefillPhases);
}

TEST_CASE("without lists for it a request goes to the buddy, with a whole pageblock nobody owns it") {
  ToyZone toy(buddy());
  toy.paint("");
  set_high(toy, 64);
  const auto pfn = take(toy, Migratetype::movable, kFirst, 3);
  REQUIRE(pfn);
  CHECK_FALSE(owners(toy).owner(toy.zone().page(*pfn) >> 3));
  CHECK(refilled(toy, RefillPhase::fallback) == 8);
}
