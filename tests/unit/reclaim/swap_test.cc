// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/swap.h"

#include <doctest/doctest.h>

#include "sim/base/check.h"
#include "reclaim_world.h"

using namespace gbsim;
using gbsim::test::ReclaimWorld;

namespace {

constexpr NrPages kHuge{8};  // a pageblock of the toy

}  // namespace

TEST_CASE("without swap nothing fits") {
  ReclaimWorld world;
  Swap swap(world.memory());
  CHECK_FALSE(swap.exists());
  CHECK_FALSE(swap.reserve(NrPages{1}));
}

TEST_CASE("slots are counted until they are given back") {
  ReclaimWorld world{NrPages{16}};
  Swap swap(world.memory());
  CHECK(swap.reserve(kHuge));
  CHECK(swap.reserve(NrPages{1}));
  CHECK(swap.used() == NrPages{9});
  CHECK(swap.is_half_full());
  swap.release(kHuge);
  swap.release(NrPages{1});
  CHECK(swap.free() == NrPages{16});
  CHECK_THROWS_AS(swap.release(NrPages{1}), InvariantViolation);
}

TEST_CASE("single slots spoil a cluster for huge folios until all are gone") {
  ReclaimWorld world{NrPages{16}};
  Swap swap(world.memory());
  REQUIRE(swap.reserve(kHuge));
  REQUIRE(swap.reserve(NrPages{1}));
  REQUIRE(swap.reserve(NrPages{1}));
  swap.release(NrPages{1});
  CHECK_FALSE(swap.fits(kHuge));
  CHECK(swap.fits(NrPages{1}));
  swap.release(NrPages{1});
  CHECK(swap.fits(kHuge));
}

TEST_CASE("the slots of a huge folio may come back one by one") {
  ReclaimWorld world{NrPages{16}};
  Swap swap(world.memory());
  REQUIRE(swap.reserve(kHuge));
  for (unsigned i = 0; i < kHuge.value; ++i) {
    CHECK(swap.used() == NrPages{kHuge.value - i});
    swap.release(NrPages{1});
  }
  CHECK(swap.reserve(kHuge));
  CHECK(swap.reserve(kHuge));
}

TEST_CASE("single slots use up every cluster before swap is full") {
  ReclaimWorld world{NrPages{16}};
  Swap swap(world.memory());
  REQUIRE(swap.reserve(kHuge));
  for (unsigned i = 0; i < 8; ++i) {
    CHECK(swap.reserve(NrPages{1}));
  }
  CHECK_FALSE(swap.reserve(NrPages{1}));
}

TEST_CASE("reading back takes the device's time and counts a major fault") {
  ReclaimWorld world{NrPages{16}};
  Swap swap(world.memory());
  const Ns before = world.memory().meter().spent();
  swap.read(NrPages{1});
  CHECK(world.memory().meter().spent() - before > world.tunables().disk_latency);
  CHECK(world.count(VmEvent::pswpin) == 1);
  CHECK(world.count(VmEvent::pgmajfault) == 1);
}
