// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recorded_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "temp_dir.h"

using namespace gbsim;
namespace fs = std::filesystem;

namespace {

/** The same files in a folder and in an archive. */
struct TwoPlaces {
  TwoPlaces() {
    test::write_text(dir.path() / "in/trace.dat", "events");
    test::write_text(dir.path() / "in/snaps/000_a/buddyinfo", "of a");
    test::write_text(dir.path() / "in/snaps/001_b/buddyinfo", "of b");
    test::write_text(dir.path() / "in/snaps/index.csv", "seq");
    pack_gbtrace(dir.path() / "in", archive());
  }
  fs::path archive() const { return dir.path() / "a.gbtrace"; }
  test::TempDir dir{};
};

}  // namespace

TEST_CASE("files are found alike in a folder and in an archive") {
  const TwoPlaces places;
  for (const RecordedFiles& files :
       {RecordedFiles(places.dir.path() / "in"), RecordedFiles::unpack(places.archive())}) {
    CHECK(files.has("trace.dat"));
    CHECK(files.text("trace.dat") == "events");
    CHECK(files.text("snaps/001_b/buddyinfo") == "of b");
    CHECK_FALSE(files.has("snaps/002_c/buddyinfo"));
    CHECK(files.text("none").empty());
    CHECK_THROWS_AS(files.open("none"), BadRecording);
    const RecordedFiles snaps = files.below("snaps");
    CHECK(snaps.names() == std::vector<std::string>{"000_a", "001_b", "index.csv"});
    CHECK(snaps.below("000_a").text("buddyinfo") == "of a");
    CHECK(snaps.below("000_a").names() == std::vector<std::string>{"buddyinfo"});
    CHECK(files.below("nowhere").names().empty());
  }
}

TEST_CASE("errors name a file by its archive") {
  const TwoPlaces places;
  const RecordedFiles snaps = RecordedFiles::unpack(places.archive()).below("snaps");
  CHECK(snaps.path_of("index.csv") == places.archive() / "snaps/index.csv");
  CHECK_THROWS_WITH_AS(snaps.open("none"), doctest::Contains("no snaps/none in this archive"), BadRecording);
}

TEST_CASE("an unpacked archive has no name that could be left behind") {
  const TwoPlaces places;
  const test::TempDir temporary;
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before != nullptr ? before : "";
  setenv("TMPDIR", temporary.path().c_str(), 1);
  const RecordedFiles files = RecordedFiles::unpack(places.archive());
  before != nullptr ? setenv("TMPDIR", kept.c_str(), 1) : unsetenv("TMPDIR");
  CHECK(fs::is_empty(temporary.path()));
  CHECK(files.text("snaps/index.csv") == "seq");
}
