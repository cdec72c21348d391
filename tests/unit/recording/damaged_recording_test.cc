// SPDX-License-Identifier: GPL-2.0-or-later
// Damage of every kind of file beside a trace ends in an error with a place, or in something that can be used.
#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <functional>

#include "damage.h"
#include "sim/recording/proc_snapshot.h"
#include "sim/recording/side_events.h"
#include "sim/recording/snapshot_draw.h"
#include "sim/recording/snapshot_set.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;

namespace fs = std::filesystem;

namespace {

constexpr int kRounds = 200;

void write(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace

TEST_CASE("damaged texts of /proc are an error or counts that are drawn") {
  const test::TempDir dir;
  RandomStream random(2, "damage");
  const std::string zoneinfo =
      "Node 0, zone DMA32\n  pages free 30\n boost 0\n min 10\n low 20\n high 40\n spanned 4096\n present 4096\n"
      " managed 4000\n protection: (0, 7, 8, 9, 9)\n pagesets\n cpu: 0\n count: 3\n high: 63\n batch: 15\n"
      " start_pfn: 4096\n";
  const std::string types =
      "Page block order: 2\nNode 0, zone DMA32, type Unmovable 4 0 1\nNode 0, zone DMA32, type Movable 2 9 0\n"
      "Number of blocks type Unmovable Movable\nNode 0, zone DMA32 24 1000\n";
  for (int round = 0; round < kRounds; ++round) {
    write(dir.path() / "zoneinfo", round % 2 == 0 ? zoneinfo : damaged(zoneinfo, random));
    write(dir.path() / "pagetypeinfo", damaged(types, random));
    survives([&] { draw_snapshot(read_proc_files(dir.path()), FirstUses{}, 1, dir.path()); });
  }
}

TEST_CASE("damaged rows of files beside a recording are an error with the place of the row") {
  const test::TempDir dir;
  RandomStream random(3, "damage");
  const auto read_all = [](std::unique_ptr<SideEvents> events) {
    while (events->next()) {
    }
  };
  const auto hidden = [&](const fs::path& file) { read_all(open_hidden(file)); };
  const auto untraced = [](const fs::path& file) { read_untraced(file, Ns{0}); };
  const auto other = [&](const fs::path& file) { read_all(open_other(file)); };
  const std::array<std::pair<std::string, std::function<void(const fs::path&)>>, 3> files{{
      {"rec,t_ns,cpu,event,pfn,order,migratetype,extra\n0,10,0,bfree,1030,4,1,0\n3,20,1,isolate,1040,2,1,\n", hidden},
      {"t_zone_locked_us,t_free_us,pfn\n10,20,1030\n15,,1040\n", untraced},
      {"10 0 mm_compaction_begin pid=33 zone_start=1 migrate_pfn=1 free_pfn=3584 zone_end=4096 sync=1\n", other},
  }};
  for (const auto& [rows, read] : files) {
    for (int round = 0; round < kRounds; ++round) {
      write(dir.path() / "rows", damaged(rows, random));
      survives([&] { read(dir.path() / "rows"); });
    }
  }
}

TEST_CASE("a directory of damaged snapshots is an error with the file's name") {
  const test::TempDir dir;
  write(dir.path() / "001_start/pgsnap", pgsnap_bytes().substr(0, 50));
  const SnapshotSet set(dir.path());
  CHECK_THROWS_WITH_AS(set.load(set.start(Ns{0}), 1), doctest::Contains("001_start/pgsnap: error: at byte 48"),
                       BadRecording);
}
