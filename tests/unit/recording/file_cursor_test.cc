// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/file_cursor.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "sim/recording/temp_file.h"

using namespace gbsim;

TEST_CASE("numbers and strings in either byte order, never past the end") {
  const TempDir dir;
  const auto path = dir.path() / "file";
  std::ofstream(path, std::ios::binary) << std::string("\x01\x02name\0\xff", 8);
  const OpenFile file = open_unpacked(InputFile(path));
  FileCursor cursor(file.fd(), path);
  CHECK(cursor.u16("a number") == 0x0201);
  CHECK(cursor.string("a name") == "name");
  CHECK(cursor.at() == 7);
  CHECK_THROWS_AS(cursor.u32("a count"), BadRecording);
  CHECK_THROWS_AS(cursor.string("a name"), BadRecording);
  CHECK_THROWS_AS(cursor.seek(9, "a section"), BadRecording);
  cursor.seek(0, "the start");
  cursor.set_big_endian(true);
  CHECK(cursor.u16("a number") == 0x0102);
}

TEST_CASE("bytes spell a number in the order of the machine that wrote them") {
  using namespace std::string_view_literals;
  CHECK(number_in("\x01\x02\xff\x00"sv, false) == 0x00ff0201);
  CHECK(number_in("\x01\x02\xff\x00"sv, true) == 0x0102ff00);
  CHECK(number_in({}, true) == 0);
}

TEST_CASE("a temporary directory goes with its owner") {
  std::filesystem::path path;
  {
    const TempDir dir;
    path = dir.path();
    std::ofstream(path / "file") << "content";
    CHECK(std::filesystem::exists(path / "file"));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}
