// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/zone_lessons.h"

#include <doctest/doctest.h>

#include "sim/allocator/page_allocator.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** DMA32 and Normal, each with a pageblock of 8 pages free of four; CPUs may have yet to fold a page or two. */
KernelSnapshot two_zones() {
  KernelSnapshot snapshot = toy_snapshot("UUUU");
  add_free(snapshot, 3, Migratetype::unmovable, {0});
  snapshot.zones.push_back(snapshot.zones[0]);
  ZoneImage& normal = snapshot.zones[1];
  normal.type = ZoneType::normal;
  normal.start = Pfn{2048};
  normal.free[3][index(Migratetype::unmovable)] = {normal.start};
  return snapshot;
}

struct Lessons {
  explicit Lessons(const KernelSnapshot& snapshot = two_zones())
      : world(snapshot, KernelVersion::v6_1, PcpLoad::lists), relief(*world.memory) {
    world.memory->tunables().watermark_boost_factor = 0;
  }
  Zone& dma32() { return world.memory->zone(0); }
  Zone& normal() { return world.memory->zone(1); }
  void learn(Zone& ours, Zone& kernels, std::size_t tries) {
    ZoneLessons(*world.memory, relief, false).learn({ours, kernels, request, tries}, corrections);
  }
  /** The zone has enough for the fast path, or for one that has given in, as far as its counter tells. */
  bool is_enough(const Zone& zone, AllocFlags flags) {
    return zone.watermark_ok(RecordedRelief::query(zone, request, flags), zone.free_stat().global());
  }
  bool is_enough_at_first(const Zone& zone) { return is_enough(zone, fast_path_flags(*world.memory, request)); }
  bool is_enough_in_the_end(const Zone& zone) { return is_enough(zone, slow_path_flags(*world.memory, request)); }

  ToyReplayWorld world;
  RecordedRelief relief;
  PageRequest request{Order{0}, gfp::kKernel, CpuId{0}, NodeId{}};
  EventTally corrections;
};

}  // namespace

TEST_CASE("a call that both serve from the same zone teaches nothing") {
  Lessons lessons;
  lessons.normal().set_watermarks(Watermarks{{1, 7, 9}, {}});
  lessons.learn(lessons.normal(), lessons.normal(), 0);
  CHECK(lessons.normal().free_stat().global() == 8);
}

TEST_CASE("a zone that the kernel passes over at first is too short for such calls") {
  Lessons lessons;
  lessons.normal().set_watermarks(Watermarks{{1, 7, 9}, {}});
  REQUIRE(lessons.is_enough_at_first(lessons.normal()));
  lessons.learn(lessons.normal(), lessons.dma32(), 0);
  CHECK_FALSE(lessons.is_enough_at_first(lessons.normal()));
  CHECK(lessons.is_enough_in_the_end(lessons.normal()));
}

TEST_CASE("a zone that the kernel takes at first, where ours passed below it, had enough") {
  Lessons lessons;
  lessons.normal().set_watermarks(Watermarks{{1, 8, 9}, {}});
  lessons.dma32().set_watermarks(Watermarks{{1, 2, 3}, {}});
  REQUIRE_FALSE(lessons.is_enough_at_first(lessons.normal()));
  lessons.learn(lessons.dma32(), lessons.normal(), 0);
  CHECK(lessons.is_enough_at_first(lessons.normal()));
  CHECK(lessons.is_enough_at_first(lessons.dma32()));
}

TEST_CASE("a zone passed over with more than late folds explain shows boosts, once more often than chance would") {
  KernelSnapshot snapshot = two_zones();
  add_free(snapshot, 3, Migratetype::unmovable, {8, 16});
  Lessons lessons(snapshot);
  lessons.normal().set_watermarks(Watermarks{{1, 100, 200}, {}});
  lessons.dma32().set_watermarks(Watermarks{{1, 10, 20}, {}});
  for (int sign = 0; sign < 3; ++sign) {
    REQUIRE(lessons.world.memory->tunables().watermark_boost_factor == 0);
    lessons.learn(lessons.dma32(), lessons.normal(), 0);
  }
  CHECK(lessons.world.memory->tunables().watermark_boost_factor != 0);
  CHECK_FALSE(lessons.is_enough_at_first(lessons.dma32()));
}

TEST_CASE("where ours gave in and passed below it, the kernel's zone had enough having given in") {
  Lessons lessons;
  lessons.normal().set_watermarks(Watermarks{{8, 20, 30}, {}});
  lessons.dma32().set_watermarks(Watermarks{{1, 20, 30}, {}});
  REQUIRE_FALSE(lessons.is_enough_in_the_end(lessons.normal()));
  lessons.learn(lessons.dma32(), lessons.normal(), 1);
  CHECK(lessons.is_enough_in_the_end(lessons.normal()));
  CHECK_FALSE(lessons.is_enough_at_first(lessons.normal()));
}

TEST_CASE("a zone that the kernel passes over having given in is too short even then, and the one below is not") {
  Lessons lessons;
  lessons.normal().set_watermarks(Watermarks{{7, 20, 30}, {}});
  lessons.dma32().set_watermarks(Watermarks{{8, 40, 50}, {}});
  REQUIRE(lessons.is_enough_in_the_end(lessons.normal()));
  lessons.learn(lessons.normal(), lessons.dma32(), 1);
  CHECK_FALSE(lessons.is_enough_in_the_end(lessons.normal()));
  CHECK(lessons.is_enough_in_the_end(lessons.dma32()));
}
