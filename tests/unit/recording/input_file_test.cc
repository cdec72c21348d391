// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/input_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "sim/recording/byte_source.h"
#include "sim/recording/temp_file.h"
#include "temp_dir.h"

using namespace gbsim;

namespace {

std::string text_at(const InputFile& file, std::uint64_t offset, std::size_t size) {
  std::string text(size, '\0');
  text.resize(static_cast<std::size_t>(file.read(offset, text.data(), size)));
  return text;
}

std::shared_ptr<const OpenFile> nameless(std::string_view text) {
  auto file = std::make_shared<OpenFile>(open_temp_file());
  append(*file, text);
  return file;
}

}  // namespace

TEST_CASE("a file is read at any offset, and copies do not disturb each other") {
  const test::TempDir dir;
  std::ofstream(dir.path() / "letters") << "abcdef";
  const InputFile file(dir.path() / "letters");
  const InputFile copy = file;
  CHECK(text_at(file, 2, 3) == "cde");
  CHECK(text_at(copy, 0, 2) == "ab");
  CHECK(text_at(file, 4, 9) == "ef");
  CHECK(text_at(file, 6, 1).empty());
}

TEST_CASE("a part of a file ends where it ends, and is unpacked where random offsets are wanted") {
  const InputFile part(nameless("abcdef"), 1, 3, "archive/member");
  CHECK(text_at(part, 0, 9) == "bcd");
  CHECK(text_at(part, 3, 9).empty());
  CHECK(read_whole(part) == "bcd");
  CHECK(part.duplicate().fd() < 0);
  const OpenFile unpacked = open_unpacked(part);
  CHECK(text_at(InputFile(std::make_shared<OpenFile>(dup(unpacked.fd())), "copy"), 0, 9) == "bcd");
}

TEST_CASE("a file without a name is called in errors as it was told") {
  const InputFile empty(nameless(""), "a.gbtrace/trace.dat");
  CHECK_THROWS_WITH_AS(read_whole(empty),
                       "a.gbtrace/trace.dat: error: at byte 0: the file is empty: it was not written, or not copied",
                       BadRecording);
}

TEST_CASE("what is no file is refused") {
  const test::TempDir dir;
  CHECK_THROWS_WITH_AS(InputFile(dir.path()), doctest::Contains("this is a directory"), BadRecording);
  CHECK_THROWS_WITH_AS(InputFile(dir.path() / "gone"), doctest::Contains("no such file"), BadRecording);
  CHECK_THROWS_WITH_AS(InputFile("/dev/null"), doctest::Contains("no regular file"), BadRecording);
}

TEST_CASE("a pipe, which cannot be read twice, is refused before anybody waits for its other end") {
  const test::TempDir dir;
  REQUIRE(mkfifo((dir.path() / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_WITH_AS(InputFile(dir.path() / "pipe"), doctest::Contains("into a regular file first"), BadRecording);
}
