// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/cache_drops.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

/** Caches dropped from 140 to 160 ms, and from 540 to 560 ms. */
CacheDrops two_drops() {
  CacheDrops drops({{ms(100), ms(200)}, {ms(500), ms(600)}});
  for (int i = 0; i <= 20; ++i) {
    drops.add(ms(140 + i), 1);
    drops.add(ms(540 + i), 1);
  }
  drops.add(ms(300), 1000);
  return drops;
}

}  // namespace

TEST_CASE("page cache left to reclaim ends with the next drop, as what died of it did") {
  const CacheDrops drops = two_drops();
  CHECK(drops.ends_after(ms(0)).front() == ms(140));
  CHECK(drops.ends_after(ms(0)).back() == ms(160));
  CHECK(drops.ends_after(ms(149)).back() == ms(160));
  CHECK(drops.ends_after(ms(151)).front() == ms(540));
  CHECK(drops.ends_after(ms(600)).empty());
}

TEST_CASE("the middle of a drop is when half of what died in its window was dead") {
  CHECK(two_drops().middles() == std::vector<Ns>{ms(150), ms(550)});
}

TEST_CASE("a drop that found nothing ends nothing") {
  const CacheDrops drops({{ms(100), ms(200)}});
  CHECK(drops.middles().empty());
  CHECK(drops.ends_after(ms(0)).empty());
  CHECK(CacheDrops({}).ends_after(ms(0)).empty());
}
