// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/taint_ladder.h"

#include <doctest/doctest.h>

#include "sim/allocator/page_allocator.h"
#include "toy_zone.h"

using namespace gbsim;
using test::NoRelief;
using test::ToySpec;
using test::ToyZone;

namespace {

struct Ladder {
  explicit Ladder(std::string_view drawing)
      : toy(ToySpec{.gigablocks = 10, .gigablock_order = 4, .pageblock_order = 2,
                    .placement = PlacementKind::gigablock_bitmap}) {
    toy.paint(drawing, "U");
  }
  const TaintRung& rung(Gfp gfp, unsigned order) {
    return taint_rung(toy.memory(), PageRequest{Order{order}, gfp, CpuId{}, NodeId{}});
  }
  TaintVerdict ask(Gfp gfp, unsigned order) { return rung(gfp, order).verdict; }
  ToyZone toy;
};

constexpr std::string_view kTaintedWithRoom = "UUUU .... MMMM MMMM";
constexpr std::string_view kTaintedAndFull = "UUUU UUUU UUUU UUUU";

}  // namespace

TEST_CASE("callers with a cheap fallback are refused") {
  Ladder ladder(kTaintedAndFull);
  CHECK(ladder.ask(gfp::kSkbFrag, 1) == TaintVerdict::refuse);
  CHECK(ladder.ask(gfp::kSkbFrag, 0) == TaintVerdict::taint);
  ladder.toy.tunables().gigablock_refuse_optional = false;
  CHECK(ladder.ask(gfp::kSkbFrag, 1) == TaintVerdict::taint);
}

TEST_CASE("best-effort high orders are refused while something movable taints along") {
  Ladder movable(kTaintedWithRoom);
  movable.toy.tunables().gigablock_refuse_optional = false;
  CHECK(movable.ask(gfp::kNowait, 1) == TaintVerdict::refuse);
  movable.toy.tunables().gigablock_refuse_best_effort = false;
  CHECK(movable.ask(gfp::kNowait, 1) == TaintVerdict::taint);
  CHECK(Ladder(kTaintedAndFull).ask(gfp::kNowait, 1) == TaintVerdict::taint);
}

TEST_CASE("atomic high orders wait for free pageblocks of tainted gigablocks, order 0 does not") {
  Ladder room(kTaintedWithRoom);
  CHECK(room.ask(gfp::kAtomic, 1) == TaintVerdict::refuse);
  CHECK(room.ask(gfp::kAtomic, 0) == TaintVerdict::taint);
  CHECK(room.ask(gfp::kAtomic.with(Gfp::memalloc), 1) == TaintVerdict::taint);
  CHECK(Ladder(kTaintedAndFull).ask(gfp::kAtomic, 1) == TaintVerdict::taint);
}

TEST_CASE("atomic_wait says what is worth waiting for: free pageblocks, any free pages, or nothing") {
  Ladder parts("UUUU UU.. MMMM MMMM");
  CHECK(parts.ask(gfp::kAtomic, 1) == TaintVerdict::taint);
  parts.toy.tunables().gigablock_atomic_wait = AtomicWait::free_pages;
  CHECK(parts.ask(gfp::kAtomic, 1) == TaintVerdict::refuse);
  Ladder room(kTaintedWithRoom);
  room.toy.tunables().gigablock_atomic_wait = AtomicWait::never;
  CHECK(room.ask(gfp::kAtomic, 1) == TaintVerdict::taint);
}

TEST_CASE("rungs are the steps of spb_alloc_atomic_relax, but for the one that the RFC takes elsewhere") {
  Ladder room(kTaintedWithRoom);
  CHECK(room.rung(gfp::kSkbFrag, 1).relax_step == "NORETRY_SKIP");
  CHECK(room.rung(gfp::kNowait, 1).relax_step == "NOWARN_LOWER_ORDER");
  CHECK(room.rung(gfp::kAtomic, 1).relax_step.empty());
  CHECK(room.rung(gfp::kAtomic, 0).relax_step == "DROP_NOFRAGMENT");
}

TEST_CASE("an atomic page may taint where no tainted gigablock has one") {
  Ladder ladder("UUUU UUUU UUUU UUUU");
  NoRelief relief;
  PageAllocator allocator(ladder.toy.memory(), relief);
  const auto pfn = allocator.alloc_pages(PageRequest{Order{0}, gfp::kAtomic, CpuId{}, NodeId{}});
  REQUIRE(pfn);
  CHECK(ladder.toy.zone().gigablock_of(*pfn) != GigablockId{0});
  ladder.toy.check();
}
