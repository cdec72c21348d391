// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_draw.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/recording/byte_source.h"
#include "toy_snapshot.h"

using namespace gbsim;

namespace {

constexpr std::size_t kU = index(Migratetype::unmovable);
constexpr std::size_t kM = index(Migratetype::movable);

/** Of eight pages each; those that are not @unmovable are movable. */
ProcZone eight_pageblocks(std::uint64_t unmovable) {
  ProcZone zone;
  zone.image = test::toy_snapshot("MMMMMMMM").zones[0];
  zone.image.pageblocks.clear();
  zone.pageblocks[kU] = unmovable;
  zone.pageblocks[kM] = 8 - unmovable;
  return zone;
}

}  // namespace

TEST_CASE("a drawn snapshot has the counts, in places that a buddy system allows, the same for the same seed") {
  ProcZone zone = eight_pageblocks(2);
  zone.free_blocks[0][kU] = 3;
  zone.free_blocks[2][kM] = 2;
  const KernelSnapshot snapshot = draw_snapshot({zone}, FirstUses{}, 7, "proc");
  CHECK(snapshot.zones[0].free[0][kU].size() == 3);
  CHECK(snapshot.zones[0].free[2][kM].size() == 2);
  CHECK(std::ranges::count(snapshot.zones[0].pageblocks, Migratetype::unmovable) == 2);
  CHECK(draw_snapshot({zone}, FirstUses{}, 7, "proc").zones[0].free == snapshot.zones[0].free);
  CHECK(draw_snapshot({zone}, FirstUses{}, 8, "proc").zones[0].free != snapshot.zones[0].free);
}

TEST_CASE("nearly full memory is drawn exactly: whole pageblocks come first, then what fits beside them") {
  ProcZone zone = eight_pageblocks(1);
  zone.free_blocks[4][kM] = 3;
  zone.free_blocks[3][kM] = 1;
  zone.free_blocks[2][kU] = 1;
  zone.free_blocks[0][kU] = 2;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ZoneImage drawn = draw_snapshot({zone}, FirstUses{}, seed, "proc").zones[0];
    CHECK(drawn.free[4][kM].size() == 3);
    CHECK(drawn.free[3][kM].size() == 1);
    CHECK(drawn.free[0][kU].size() == 2);
    CHECK(std::ranges::count(drawn.pageblocks, Migratetype::unmovable) == 1);
    for (const Pfn head : drawn.free[0][kU]) {
      CHECK(drawn.pageblocks[(head - drawn.start).value / 8] == Migratetype::unmovable);
    }
  }
}

TEST_CASE("blocks are drawn where the recording shows free pages, and never over pages that it shows in use") {
  ProcZone zone = eight_pageblocks(1);
  zone.free_blocks[0][kU] = 1;
  zone.free_blocks[2][kM] = 2;
  FirstUses uses;
  uses.note(test::toy_event(EventKind::zone_locked, 41, 0, Migratetype::unmovable));
  uses.note(test::toy_event(EventKind::zone_locked, 22, 0, Migratetype::movable));
  for (const std::uint64_t in_use : {0, 6, 10, 27, 30, 33, 38, 50, 54, 57, 61}) {
    uses.note(test::toy_event(EventKind::free, in_use, 0, Migratetype::movable));
  }
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ZoneImage drawn = draw_snapshot({zone}, uses, seed, "proc").zones[0];
    CHECK(drawn.pageblocks[5] == Migratetype::unmovable);
    CHECK(drawn.free[0][kU] == std::vector<Pfn>{test::toy_page(41)});
    const auto& blocks = drawn.free[2][kM];
    REQUIRE(blocks.size() == 2);
    CHECK(blocks[0] == test::toy_page(20));
    CHECK((blocks[1] == test::toy_page(12) || blocks[1] == test::toy_page(44)));
  }
}

TEST_CASE("more free blocks than the zone has room for are an error") {
  ProcZone zone = eight_pageblocks(0);
  zone.free_blocks[4][kM] = 5;
  CHECK_THROWS_WITH_AS(draw_snapshot({zone}, FirstUses{}, 1, "proc"),
                       doctest::Contains("do not fit into the zone at pfn 1024"), BadRecording);
}
