// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_set.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "temp_dir.h"

using namespace gbsim;

namespace fs = std::filesystem;

namespace {

/** Three snapshots: two of counts only, and one that names itself exact. */
void write_snapshots(const fs::path& dir) {
  test::write_text(dir / "snaps/000_boot/buddyinfo", "");
  test::write_text(dir / "snaps/001_start/pgsnap", "");
  test::write_text(dir / "snaps/002_t0001/buddyinfo", "");
  test::write_text(dir / "snaps/notes/readme", "");
  test::write_text(dir / "index.csv", "seq,label,name,t_ns,bytes\n0,boot,buddyinfo,500,1\n2,t0001,buddyinfo,900,1\n");
}

}  // namespace

TEST_CASE("snapshots of a directory are found in order with their times") {
  test::TempDir dir;
  write_snapshots(dir.path());
  const SnapshotSet set(dir.path());
  REQUIRE(set.entries().size() == 3);
  CHECK(set.entries()[0].label == "boot");
  CHECK(set.entries()[0].time == Ns{500});
  CHECK_FALSE(set.entries()[1].time);
  CHECK(set.entries()[2].time == Ns{900});
  CHECK(set.start(Ns{0}).label == "start");
}

TEST_CASE("times are found under their heading, and a row without one is an error with its place") {
  test::TempDir dir;
  test::write_text(dir.path() / "snaps/000_start/buddyinfo", "");
  test::write_text(dir.path() / "snaps/index.csv", "seq,label,t_ns\n0,start,700\n");  // as `gbsim record` writes it
  CHECK(SnapshotSet(dir.path()).entries()[0].time == Ns{700});
  test::write_text(dir.path() / "snaps/index.csv", "seq,label,t_ns\n0,start,soon\n");
  CHECK_THROWS_WITH_AS(SnapshotSet{dir.path()}, doctest::Contains("at byte 15"), BadRecording);
  test::write_text(dir.path() / "snaps/index.csv", "something else\n");
  CHECK_THROWS_AS(SnapshotSet{dir.path()}, BadRecording);
}

TEST_CASE("an archive beside the trace is found, and opened like the directory") {
  test::TempDir dir;
  write_snapshots(dir.path() / "in");
  test::write_text(dir.path() / "in/snaps/001_start/vmstat", "pgsteal_file 5\n");
  test::write_text(dir.path() / "in/snaps/001_start/meminfo", "SwapTotal: 0 kB\n");
  pack_gbtrace(dir.path() / "in", dir.path() / "snaps.tar.zst");
  std::ofstream(dir.path() / "events.pgt") << "PGT1";
  const auto found = snapshots_beside(dir.path() / "events.pgt");
  REQUIRE(found);
  const SnapshotSet set(*found);
  REQUIRE(set.entries().size() == 3);
  CHECK(set.entries()[1].files.text("vmstat") == "pgsteal_file 5\n");
  CHECK(set.entries()[1].files.has("meminfo"));
}

TEST_CASE("where no snapshot is exact the first one counts") {
  test::TempDir dir;
  test::write_text(dir.path() / "003_a/buddyinfo", "");
  test::write_text(dir.path() / "001_b/buddyinfo", "");
  CHECK(SnapshotSet(dir.path()).start(Ns{0}).label == "b");
}

TEST_CASE("a directory without snapshots, and a damaged pgsnap, are refused") {
  test::TempDir dir;
  test::write_text(dir.path() / "nothing/here", "");
  CHECK_THROWS_AS(SnapshotSet{dir.path()}, BadRecording);
  test::write_text(dir.path() / "001_start/pgsnap", "no words");
  const SnapshotSet set(dir.path());
  CHECK_THROWS_AS(set.load(set.start(Ns{0}), 1), BadRecording);
}

TEST_CASE("a trace that begins after the snapshot labelled start starts from the first one since") {
  test::TempDir dir;
  for (const char* folder : {"001_start", "002_a", "003_b"}) {
    test::write_text(dir.path() / folder / "pgsnap", "");
  }
  test::write_text(dir.path() / "index.csv", "seq,label,t_ns\n1,start,10000000000\n2,a,20000000000\n3,b,30000000000\n");
  const SnapshotSet set(dir.path());
  CHECK(set.start(std::chrono::seconds{5}).label == "start");
  CHECK(set.start(std::chrono::seconds{15}).label == "a");
  CHECK(set.start(std::chrono::seconds{25}).label == "b");
  CHECK(set.start(std::chrono::seconds{35}).label == "b");
}
