// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/proc_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "temp_dir.h"

using namespace gbsim;

namespace {

ProcFile file_of(const std::string& text) {
  const test::TempDir dir;
  std::ofstream(dir.path() / "zoneinfo") << text;
  return ProcFile(dir.path(), "zoneinfo");
}

}  // namespace

TEST_CASE("a line of /proc is words, without its commas, colons and brackets") {
  const ProcFile file = file_of("Node 0, zone DMA32\n protection: (0, 7)\n");
  REQUIRE(file.lines().size() == 2);
  CHECK(file.lines()[0].starts_zone());
  CHECK_FALSE(file.lines()[1].starts_zone());
  CHECK(file.lines()[1].words == std::vector<std::string>{"protection", "0", "7"});
  CHECK(file.lines()[1].number == 2);
  CHECK(file.lines()[1].offset == 19);
}

TEST_CASE("numbers are whole and within what they count, or an error with their line") {
  const ProcFile file = file_of("count >100000\ncount x\n");
  CHECK(file.number(file.lines()[0], 1) == 100000);
  CHECK(file.number(file.lines()[0], 1, 100000) == 100000);
  CHECK_THROWS_WITH_AS(file.number(file.lines()[0], 1, 99), doctest::Contains("line 1: 100000 where 99 is the most"),
                       BadRecording);
  CHECK_THROWS_WITH_AS(file.number(file.lines()[1], 1), doctest::Contains("line 2: word 2 of the line is no number"),
                       BadRecording);
  CHECK_THROWS_WITH_AS(file.number(file.lines()[1], 2), doctest::Contains("word 3"), BadRecording);
}

TEST_CASE("a file that is not kept has no lines, and one that was cut within a line is an error") {
  const test::TempDir dir;
  CHECK(ProcFile(dir.path(), "zoneinfo").lines().empty());
  CHECK_THROWS_WITH_AS(file_of("one\ntwo"), doctest::Contains("line 2: the file ends inside a line"), BadRecording);
}
