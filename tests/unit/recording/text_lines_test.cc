// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_lines.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;

TEST_CASE("lines come one by one, and a last one without its end was cut short") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "one\n\nthree";
  TextLines lines(dir.path() / "text");
  CHECK(lines.next() == "one");
  CHECK(lines.next() == "");
  CHECK_THROWS_WITH_AS(lines.next(), doctest::Contains("at byte 5: line 3: the file ends inside a line"), BadRecording);
}

TEST_CASE("an empty file has no line") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "";
  CHECK_FALSE(TextLines(dir.path() / "text").next());
}

TEST_CASE("lines are whole wherever the file is read in parts, up to the longest that is possible") {
  test::TempDir dir;
  const std::string longest(TextLines::kLongest, 'x');
  std::ofstream out(dir.path() / "text");
  for (int i = 0; i < 20; ++i) {
    out << longest << "\na\n";
  }
  out << longest << "y\n";
  out.close();
  TextLines lines(dir.path() / "text");
  for (int i = 0; i < 20; ++i) {
    REQUIRE(lines.next() == longest);
    REQUIRE(lines.next() == "a");
  }
  CHECK_THROWS_WITH_AS(lines.next(), doctest::Contains("line 41: a line of more than 65536 bytes"), BadRecording);
}

TEST_CASE("what is no text comes in parts that end where a line, the file or the limit does") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "a\n" << std::string(TextLines::kLongest + 2, 'x');
  TextLines lines(dir.path() / "text");
  CHECK(lines.next_part() == "a");
  CHECK(lines.end() == TextLines::End::newline);
  CHECK(lines.next_part()->size() == TextLines::kLongest);
  CHECK(lines.end() == TextLines::End::limit);
  CHECK(lines.next_part() == "xx");
  CHECK(lines.end() == TextLines::End::file);
  CHECK_FALSE(lines.next_part());
}

TEST_CASE("pages that no machine has and times that no clock shows are refused with what is possible") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "row\n";
  TextLines lines(dir.path() / "text");
  lines.next();
  CHECK(lines.page("77") == Pfn{77});
  CHECK_THROWS_WITH_AS(lines.page("1099511627776"), doctest::Contains("line 1: page 1099511627776: no machine"),
                       BadRecording);
  lines.check(Ns{0});
  CHECK_THROWS_WITH_AS(lines.check(Ns{-1}), doctest::Contains("line 1: no clock shows such a time"), BadRecording);
  CHECK_THROWS_AS(lines.check(Ns::max()), BadRecording);
}

TEST_CASE("a complaint has the offset of its line") {
  test::TempDir dir;
  std::ofstream(dir.path() / "text") << "good\nbad\n";
  TextLines lines(dir.path() / "text");
  lines.next();
  lines.next();
  CHECK_THROWS_WITH_AS(lines.fail("no number"), doctest::Contains("at byte 5"), BadRecording);
  CHECK_THROWS_WITH_AS(lines.number<unsigned>("bad"), doctest::Contains("at byte 5: line 2: 'bad'"), BadRecording);
  CHECK(lines.number<int>("-5") == -5);
}

TEST_CASE("rows have the fields that their heading names, and no others") {
  test::TempDir dir;
  std::ofstream(dir.path() / "rows.csv") << "t,pfn\n1,2\n3\n";
  CsvLines rows(dir.path() / "rows.csv", "t,pfn");
  CHECK(rows.next() == std::vector<std::string_view>{"1", "2"});
  CHECK_THROWS_WITH_AS(rows.next(), doctest::Contains("at byte 10: line 3: 1 fields where 2 belong"), BadRecording);
  CHECK_THROWS_WITH_AS(CsvLines(dir.path() / "rows.csv", "t,page"), doctest::Contains("at byte 0"), BadRecording);
}
