// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/pageblock_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::read_text;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

PageblockFrame frame_at(unsigned step) {
  PageblockFrame frame{Order{9}, Order{18}, {{Pfn{0}, 700}, {Pfn{1048576}, 324}}, std::vector<PageblockCode>(1024, 5)};
  for (unsigned i = 0; i < 1024; i += 7) {
    frame.codes[i] = static_cast<PageblockCode>((i * 31 + step * 17) % 251);
  }
  return frame;
}

void write_frames(const fs::path& path, unsigned count, std::uint64_t budget = PageblockWriter::kBudget) {
  PageblockWriter writer(path, budget);
  for (unsigned step = 0; step < count; ++step) {
    writer.append(Ns{std::int64_t{step} * 1'000'000'000}, frame_at(step));
  }
}

std::vector<unsigned> steps_in(const fs::path& path) {
  std::vector<unsigned> steps;
  auto reader = PageblockReader::open(path);
  REQUIRE(reader);
  while (const PageblockFrame* frame = reader->next()) {
    const auto step = static_cast<unsigned>(reader->time().count() / 1'000'000'000);
    CAPTURE(step);
    REQUIRE(frame->codes == frame_at(step).codes);
    steps.push_back(step);
  }
  return steps;
}

}  // namespace

TEST_CASE("frames read back as they were written, across key frames") {
  const TempDir dir;
  write_frames(dir.path() / "p.bin", 150);
  CHECK(steps_in(dir.path() / "p.bin").size() == 150);
  auto reader = PageblockReader::open(dir.path() / "p.bin");
  const PageblockFrame* frame = reader->next();
  REQUIRE(frame != nullptr);
  CHECK(frame->ranges == frame_at(0).ranges);
  CHECK(frame->pageblock == Order{9});
  CHECK(frame->gigablock == Order{18});
}

TEST_CASE("the file stays within its budget and reaches to the end of the run") {
  const TempDir dir;
  constexpr std::uint64_t kBudget = 20000;
  write_frames(dir.path() / "p.bin", 2000, kBudget);
  CHECK(fs::file_size(dir.path() / "p.bin") <= kBudget);
  const std::vector<unsigned> steps = steps_in(dir.path() / "p.bin");
  CHECK(steps.size() > 50);
  CHECK(steps.back() > 1000);
  CHECK(steps[10] == 10);
}

TEST_CASE("a file cut anywhere gives the whole frames before the cut") {
  const TempDir dir;
  write_frames(dir.path() / "p.bin", 20);
  const std::string whole = read_text(dir.path() / "p.bin");
  std::size_t before = 0;
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    std::ofstream(dir.path() / "cut.bin", std::ios::binary) << whole.substr(0, size);
    if (PageblockReader::open(dir.path() / "cut.bin")) {
      const std::size_t frames = steps_in(dir.path() / "cut.bin").size();
      CHECK(frames >= before);
      before = frames;
    }
  }
  CHECK(before >= 18);
}

TEST_CASE("damage ends the reading, never the reader") {
  const TempDir dir;
  write_frames(dir.path() / "p.bin", 10);
  const std::string whole = read_text(dir.path() / "p.bin");
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5a);
    std::ofstream(dir.path() / "bad.bin", std::ios::binary) << bytes;
    auto reader = PageblockReader::open(dir.path() / "bad.bin");
    unsigned frames = 0;
    while (reader && reader->next() != nullptr) {
      ++frames;
    }
    CHECK(frames <= 10);
  }
}

TEST_CASE("other files and missing ones are no pageblock files") {
  const TempDir dir;
  std::ofstream(dir.path() / "x") << "time_s,a\n";
  CHECK_FALSE(PageblockReader::open(dir.path() / "x"));
  CHECK_FALSE(PageblockReader::open(dir.path() / "y"));
}

TEST_CASE("deflate gives the same stream for the same bytes") {
  const std::vector<std::uint8_t> bytes(5000, 7);
  CHECK(deflate(bytes, 9) == deflate(bytes, 9));
  CHECK(deflate(bytes, 9).size() < 100);
}
