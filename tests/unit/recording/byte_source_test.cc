// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/byte_source.h"

#include <doctest/doctest.h>

#include <fstream>

#include "recordings.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;

namespace fs = std::filesystem;

namespace {

std::string rest_of(ByteSource& source) {
  std::string bytes(std::size_t{1} << 20, '\0');
  bytes.resize(source.read(bytes.data(), bytes.size()));
  return bytes;
}

/** A compressed file, which may be damaged afterwards. */
struct Packed {
  Packed() { fs::copy_file(recording("recordings/W2-6.1/snaps.tar.xz"), file); }
  void damage() const { std::ofstream(file) << "no archive"; }

  TempDir dir;
  fs::path file = dir.path() / "packed.xz";
};

}  // namespace

TEST_CASE("a file is read again from its first byte on, wherever the reading was") {
  Packed packed;
  ByteSource source{InputFile(packed.file)};
  CHECK(source.packed());
  const std::string all = rest_of(source);
  REQUIRE(all.size() > 1000);
  CHECK(source.offset() == all.size());
  source.rewind();
  CHECK(source.offset() == 0);
  char first = 0;
  source.read_exactly(&first, 1, "a byte");
  CHECK(first == all.front());
  source.rewind();
  CHECK(rest_of(source) == all);
}

TEST_CASE("what is kept is not unpacked again") {
  Packed packed;
  ByteSource source{InputFile(packed.file)};
  source.keep_unpacked();
  const std::string all = rest_of(source);
  packed.damage();
  for (int again = 0; again < 2; ++again) {
    source.rewind();
    CHECK(rest_of(source) == all);
    CHECK(rest_of(source).empty());
  }
}

TEST_CASE("a reading that was given up keeps nothing") {
  Packed packed;
  ByteSource source{InputFile(packed.file)};
  source.keep_unpacked();
  char first = 0;
  source.read_exactly(&first, 1, "a byte");
  packed.damage();
  source.rewind();
  CHECK(rest_of(source) == "no archive");
}

TEST_CASE("a plain file is not kept") {
  TempDir dir;
  const fs::path file = dir.path() / "plain";
  std::ofstream(file) << "first";
  ByteSource source{InputFile(file)};
  source.keep_unpacked();
  CHECK_FALSE(source.packed());
  CHECK(rest_of(source) == "first");
  std::ofstream(file) << "other";
  source.rewind();
  CHECK(rest_of(source) == "other");
}
