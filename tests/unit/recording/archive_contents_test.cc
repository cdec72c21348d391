// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/archive_contents.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

MemberSum sum_of_text(std::string_view content) {
  MemberSum sum;
  sum.add(content);
  return sum;
}

ArchiveContents read(const TempDir& dir, const std::string& table) {
  std::ofstream(dir.path() / "contents.csv") << table;
  return read_contents_table(dir.path() / "contents.csv");
}

}  // namespace

TEST_CASE("a member's sum is the CRC of gzip, in however many parts it came") {
  CHECK(sum_of_text("123456789").crc32 == 0xcbf43926);
  MemberSum parts = sum_of_text("1234");
  parts.add("56789");
  CHECK(parts == sum_of_text("123456789"));
  CHECK(parts.bytes == 9);
  const TempDir dir;
  std::ofstream(dir.path() / "digits") << "123456789";
  CHECK(sum_of(InputFile(dir.path() / "digits")) == parts);
}

TEST_CASE("a table of contents is read as it was written, whatever its paths are made of") {
  const TempDir dir;
  const ArchiveContents contents{{"trace.dat", sum_of_text("events")}, {"snaps/000_a,b c/zoneinfo", sum_of_text("")}};
  CHECK(read(dir, contents_table(contents)) == contents);
}

TEST_CASE("a damaged table of contents is an error with its line") {
  const TempDir dir;
  CHECK_THROWS_WITH_AS(read(dir, "size,path\n"), doctest::Contains("line 1: the header"), BadRecording);
  CHECK_THROWS_WITH_AS(read(dir, "bytes,crc32,path\n1,xyz,a\n"), doctest::Contains("line 2: a row is"), BadRecording);
  CHECK_THROWS_WITH_AS(read(dir, "bytes,crc32,path\n1,12\n"), doctest::Contains("line 2: a row is"), BadRecording);
  CHECK_THROWS_WITH_AS(read(dir, "bytes,crc32,path\nx,12,a\n"), doctest::Contains("line 2: 'x'"), BadRecording);
}

TEST_CASE("all members that are missing or other than they were are told at once, and those added later do no harm") {
  const ArchiveContents listed{{"a", sum_of_text("one")}, {"b", sum_of_text("two")}, {"c", sum_of_text("three")}};
  ArchiveContents found = listed;
  found["d"] = sum_of_text("four");
  CHECK_NOTHROW(check_contents("x.gbtrace", listed, found));
  found["a"] = sum_of_text("0ne");
  found.erase("c");
  CHECK_THROWS_WITH_AS(check_contents("x.gbtrace", listed, found), doctest::Contains("\n  a has 3 bytes of CRC"),
                       BadRecording);
  CHECK_THROWS_WITH_AS(check_contents("x.gbtrace", listed, found), doctest::Contains("\n  c is missing"),
                       BadRecording);
}
