// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/proc_snapshot.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "sim/recording/byte_source.h"
#include "temp_dir.h"
#include "toy_snapshot.h"

using namespace gbsim;

namespace {

constexpr const char* kZoneinfo =
    "Node 0, zone    DMA32\n  per-node stats\n      nr_inactive_anon 9\n  pages free     30\n        boost    5\n"
    "        min      10\n        low      20\n        high     40\n        spanned  4096\n        present  4096\n"
    "        managed  4000\n        protection: (0, 7, 8, 9, 9)\n  pagesets\n    cpu: 0\n              count: 3\n"
    "              high:  63\n              batch: 15\n  node_unreclaimable:  0\n  start_pfn:           4096\n"
    "Node 0, zone   Device\n  pages free     0\n";
constexpr const char* kPagetypeinfo =
    "Page block order: 2\nPages per block:  4\n\nFree pages count per migrate type at order 0 1 2\n"
    "Node    0, zone    DMA32, type    Unmovable      4      0      1\n"
    "Node    0, zone    DMA32, type      Movable      2      >100000      0\n\n"
    "Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic      Isolate\n"
    "Node 0, zone    DMA32            3            4            1            0            0\n";

struct ProcDir {
  void write(const char* name, const char* text) const { std::ofstream(dir.path() / name) << text; }
  test::TempDir dir{};
};

}  // namespace

TEST_CASE("counts of a zone are read out of zoneinfo and pagetypeinfo") {
  const ProcDir proc;
  proc.write("zoneinfo", kZoneinfo);
  proc.write("pagetypeinfo", kPagetypeinfo);
  const auto zones = read_proc_files(proc.dir.path());
  REQUIRE(zones.size() == 1);
  const ProcZone& zone = zones[0];
  CHECK(zone.image.type == ZoneType::dma32);
  CHECK(zone.image.start == Pfn{4096});
  CHECK(zone.image.managed == NrPages{4000});
  CHECK(zone.image.watermark == std::array<std::uint64_t, 3>{5, 15, 35});  // the text has the boost in it
  CHECK(zone.image.orders.pageblock == Order{2});
  CHECK(zone.image.lowmem_reserve[1] == 7);
  CHECK(zone.image.pcps.at(0).count == 3);
  CHECK(zone.image.pcps.at(0).high == 63);
  CHECK(zone.image.pcps.at(0).batch == 15);
  CHECK(zone.free_blocks[0][index(Migratetype::unmovable)] == 4);
  CHECK(zone.free_blocks[1][index(Migratetype::movable)] == 100000);
  CHECK(zone.pageblocks[index(Migratetype::movable)] == 4);
  CHECK(zone.image.is_drawn);
}

TEST_CASE("buddyinfo says how many blocks there are where pagetypeinfo stops counting") {
  const ProcDir proc;
  proc.write("zoneinfo", kZoneinfo);
  proc.write("pagetypeinfo", kPagetypeinfo);
  proc.write("buddyinfo", "Node 0, zone    DMA32      6  123456      1\n");
  const ProcZone zone = read_proc_files(proc.dir.path())[0];
  CHECK(zone.free_blocks[1][index(Migratetype::movable)] == 123456);
  CHECK(zone.free_blocks[0][index(Migratetype::movable)] == 2);
}

TEST_CASE("without pagetypeinfo the blocks of buddyinfo are movable, and a word that is no number is an error") {
  const ProcDir proc;
  proc.write("zoneinfo", kZoneinfo);
  proc.write("buddyinfo", "Node 0, zone    DMA32      5 1 0 0 0 0 0 0 0 0 0\n");
  CHECK(read_proc_files(proc.dir.path())[0].free_blocks[0][index(Migratetype::movable)] == 5);
  proc.write("buddyinfo", "Node 0, zone    DMA32      5      x\n");
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()), doctest::Contains("no number"), BadRecording);
  proc.write("zoneinfo", "");
  CHECK_THROWS_AS(read_proc_files(proc.dir.path()), BadRecording);
}

TEST_CASE("a drawn snapshot has the counts, in places that a buddy system allows, the same for the same seed") {
  ProcZone zone;
  zone.image = test::toy_snapshot("MMMMMMMM").zones[0];
  zone.image.pageblocks.clear();
  zone.pageblocks[index(Migratetype::unmovable)] = 2;
  zone.pageblocks[index(Migratetype::movable)] = 6;
  zone.free_blocks[0][index(Migratetype::unmovable)] = 3;
  zone.free_blocks[2][index(Migratetype::movable)] = 2;
  const KernelSnapshot snapshot = draw_snapshot({zone}, FirstUses{}, 7, "proc");
  CHECK(snapshot.zones[0].free[0][index(Migratetype::unmovable)].size() == 3);
  CHECK(snapshot.zones[0].free[2][index(Migratetype::movable)].size() == 2);
  CHECK(std::ranges::count(snapshot.zones[0].pageblocks, Migratetype::unmovable) == 2);
  CHECK(draw_snapshot({zone}, FirstUses{}, 7, "proc").zones[0].free == snapshot.zones[0].free);
  CHECK(draw_snapshot({zone}, FirstUses{}, 8, "proc").zones[0].free != snapshot.zones[0].free);
}

TEST_CASE("nearly full memory is drawn exactly: whole pageblocks come first, then what fits beside them") {
  ProcZone zone;
  zone.image = test::toy_snapshot("MMMMMMMM").zones[0];
  zone.image.pageblocks.clear();
  zone.pageblocks[index(Migratetype::unmovable)] = 1;
  zone.pageblocks[index(Migratetype::movable)] = 7;
  zone.free_blocks[4][index(Migratetype::movable)] = 3;
  zone.free_blocks[3][index(Migratetype::movable)] = 1;
  zone.free_blocks[2][index(Migratetype::unmovable)] = 1;
  zone.free_blocks[0][index(Migratetype::unmovable)] = 2;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ZoneImage drawn = draw_snapshot({zone}, FirstUses{}, seed, "proc").zones[0];
    CHECK(drawn.free[4][index(Migratetype::movable)].size() == 3);
    CHECK(drawn.free[3][index(Migratetype::movable)].size() == 1);
    CHECK(drawn.free[0][index(Migratetype::unmovable)].size() == 2);
    CHECK(std::ranges::count(drawn.pageblocks, Migratetype::unmovable) == 1);
    for (const Pfn head : drawn.free[0][index(Migratetype::unmovable)]) {
      CHECK(drawn.pageblocks[(head - drawn.start).value / 8] == Migratetype::unmovable);
    }
  }
}

TEST_CASE("blocks are drawn where the recording shows free pages, and never over pages that it shows in use") {
  ProcZone zone;
  zone.image = test::toy_snapshot("MMMMMMMM").zones[0];
  zone.image.pageblocks.clear();
  zone.pageblocks[index(Migratetype::unmovable)] = 1;
  zone.pageblocks[index(Migratetype::movable)] = 7;
  zone.free_blocks[0][index(Migratetype::unmovable)] = 1;
  zone.free_blocks[2][index(Migratetype::movable)] = 2;
  FirstUses uses;
  uses.note(test::toy_event(EventKind::zone_locked, 41, 0, Migratetype::unmovable));
  uses.note(test::toy_event(EventKind::zone_locked, 22, 0, Migratetype::movable));
  for (const std::uint64_t in_use : {0, 6, 10, 27, 30, 33, 38, 50, 54, 57, 61}) {
    uses.note(test::toy_event(EventKind::free, in_use, 0, Migratetype::movable));
  }
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ZoneImage drawn = draw_snapshot({zone}, uses, seed, "proc").zones[0];
    CHECK(drawn.pageblocks[5] == Migratetype::unmovable);
    CHECK(drawn.free[0][index(Migratetype::unmovable)] == std::vector<Pfn>{test::toy_page(41)});
    const auto& blocks = drawn.free[2][index(Migratetype::movable)];
    REQUIRE(blocks.size() == 2);
    CHECK(blocks[0] == test::toy_page(20));
    CHECK((blocks[1] == test::toy_page(12) || blocks[1] == test::toy_page(44)));
  }
}

TEST_CASE("more free blocks than the zone has room for are an error") {
  ProcZone zone;
  zone.image = test::toy_snapshot("MMMMMMMM").zones[0];
  zone.free_blocks[4][index(Migratetype::movable)] = 5;
  CHECK_THROWS_WITH_AS(draw_snapshot({zone}, FirstUses{}, 1, "proc"),
                       doctest::Contains("do not fit into the zone at pfn 1024"), BadRecording);
}
