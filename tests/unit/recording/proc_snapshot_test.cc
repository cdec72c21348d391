// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/proc_snapshot.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "temp_dir.h"

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

TEST_CASE("a zoneinfo that ends within a zone is refused") {
  const ProcDir proc;
  const std::string whole = kZoneinfo;
  proc.write("zoneinfo", whole.substr(0, whole.rfind("  start_pfn")).c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()), doctest::Contains("ends within a zone"), BadRecording);
  proc.write("zoneinfo", whole.substr(0, whole.rfind("4096") + 2).c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()),
                       doctest::Contains("line 19: the file ends inside a line: it was cut short"), BadRecording);
}

TEST_CASE("a migratetype that is none is an error, not passed over") {
  const ProcDir proc;
  std::string types = kPagetypeinfo;
  types.replace(types.find("Movable      2"), 7, "Mov@ble");
  proc.write("zoneinfo", kZoneinfo);
  proc.write("pagetypeinfo", types.c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()), doctest::Contains("line 6: 'Mov@ble' is no migratetype"),
                       BadRecording);
}

TEST_CASE("what contradicts itself about a zone is told with the line that names the zone") {
  const ProcDir proc;
  const std::string zone = kZoneinfo;
  std::string normal = zone;
  normal.replace(normal.find("DMA32"), 5, "Normal");
  proc.write("zoneinfo", (zone + normal).c_str());
  proc.write("buddyinfo", "Node 0, zone DMA32 0 0 0 0 0 0 0 0 0 0 0\nNode 0, zone Normal 0 0 0 0 0 0 0 0 0 0 0\n");
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()),
                       doctest::Contains("line 22: a zone of 4096 pages from page 4096 on: those before it end at"),
                       BadRecording);
  proc.write("zoneinfo", kZoneinfo);
  std::string types = kPagetypeinfo;
  types.replace(types.find("order: 2"), 8, "order: 9");
  proc.write("pagetypeinfo", types.c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()),
                       doctest::Contains("pagetypeinfo: error: at byte 90: line 5: free blocks of 3 orders"),
                       BadRecording);
  types.replace(types.find("order: 9"), 8, "order: 99");
  proc.write("pagetypeinfo", types.c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()), doctest::Contains("line 1: 99 where 19 is the most"),
                       BadRecording);
}

TEST_CASE("per-CPU lists are those of the CPU that is named, and numbers that no list can have are refused") {
  const ProcDir proc;
  std::string text = kZoneinfo;
  text.replace(text.find("cpu: 0"), 6, "cpu: 2");
  proc.write("zoneinfo", text.c_str());
  proc.write("pagetypeinfo", kPagetypeinfo);
  const ProcZone zone = read_proc_files(proc.dir.path())[0];
  REQUIRE(zone.image.pcps.size() == 3);
  CHECK(zone.image.pcps[0].count == 0);
  CHECK(zone.image.pcps[2].count == 3);
  text.replace(text.find("count: 3"), 8, "count: 3000000000");
  proc.write("zoneinfo", text.c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()), doctest::Contains("line 15: 3000000000 where"), BadRecording);
}

TEST_CASE("a zone that is counted twice or not at all is an error") {
  const ProcDir proc;
  proc.write("zoneinfo", kZoneinfo);
  const std::string types = kPagetypeinfo;
  const std::string line = "Node    0, zone    DMA32, type    Unmovable      4      0      1\n";
  std::string doubled = types;
  doubled.insert(doubled.find(line), line);
  proc.write("pagetypeinfo", doubled.c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()),
                       doctest::Contains("line 6: this was counted on an earlier line"), BadRecording);
  proc.write("pagetypeinfo", types.substr(0, types.find("Number of blocks")).c_str());
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()),
                       doctest::Contains("the file ends without counts of the pageblocks of zone DMA32"), BadRecording);
  std::filesystem::remove(proc.dir.path() / "pagetypeinfo");
  proc.write("buddyinfo", "Node 0, zone    Normal      5 1 0 0 0 0 0 0 0 0 0\n");
  CHECK_THROWS_WITH_AS(read_proc_files(proc.dir.path()),
                       doctest::Contains("buddyinfo: error: at byte 0: line 1: the file ends without counts of the"),
                       BadRecording);
}
