// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_lines.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;

TEST_CASE("lines come one by one, the last also without its end") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "one\n\nthree";
  TextLines lines(dir.path() / "text");
  CHECK(lines.next() == "one");
  CHECK(lines.next() == "");
  CHECK(lines.next() == "three");
  CHECK_FALSE(lines.next());
}

TEST_CASE("lines longer than what is read at once are whole") {
  test::TempDir dir;
  const std::string longest(600'000, 'x');
  std::ofstream(dir.path() / "text") << "a\n" << longest << "\nb\n";
  TextLines lines(dir.path() / "text");
  CHECK(lines.next() == "a");
  CHECK(lines.next() == longest);
  CHECK(lines.next() == "b");
}

TEST_CASE("a complaint has the offset of its line") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "good\nbad\n";
  TextLines lines(dir.path() / "text");
  lines.next();
  lines.next();
  CHECK_THROWS_WITH_AS(lines.fail("no number"), doctest::Contains("at byte 5"), BadRecording);
  CHECK_THROWS_WITH_AS(lines.number<unsigned>("bad"), doctest::Contains("at byte 5: 'bad'"), BadRecording);
  CHECK(lines.number<int>("-5") == -5);
}

TEST_CASE("rows have the fields that their heading names, and no others") {
  test::TempDir dir;
  std::ofstream(dir.path() / "rows.csv") << "t,pfn\n1,2\n3\n";
  CsvLines rows(dir.path() / "rows.csv", "t,pfn");
  CHECK(rows.next() == std::vector<std::string_view>{"1", "2"});
  CHECK_THROWS_WITH_AS(rows.next(), doctest::Contains("at byte 10: 1 fields where 2 belong"), BadRecording);
  CHECK_THROWS_WITH_AS(CsvLines(dir.path() / "rows.csv", "t,page"), doctest::Contains("at byte 0"), BadRecording);
}
