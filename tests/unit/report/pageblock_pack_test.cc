// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/pageblock_pack.h"

#include <doctest/doctest.h>

#include "html_parts.h"
#include "sim/metrics/pageblock_file.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::from_base64;
using gbsim::test::inflated;
using gbsim::test::TempDir;

namespace {

constexpr std::size_t kBlocks = 64;

/** Frame number @at of a made-up run: every pageblock changes in its own rhythm. */
PageblockFrame frame(std::size_t at) {
  PageblockFrame result{Order{9}, Order{13}, {{Pfn{0}, 32}, {Pfn{1U << 20U}, 32}}, {}};
  for (std::size_t i = 0; i < kBlocks; ++i) {
    result.codes.push_back(static_cast<PageblockCode>(at * 37 / (i + 1) + i));
  }
  return result;
}

std::filesystem::path recorded(const TempDir& dir, std::size_t frames) {
  PageblockWriter writer(dir.path() / "pageblocks.bin");
  for (std::size_t at = 0; at < frames; ++at) {
    writer.append(Ns{static_cast<std::int64_t>(at) * 10'000'000'000}, frame(at));
  }
  return dir.path() / "pageblocks.bin";
}

/** Frame @at of @pack as the page's script unpacks it. */
std::vector<PageblockCode> unpacked(const PageblockPack& pack, std::size_t at) {
  std::string codes = inflated(from_base64(pack.pieces.at(at / pack.frames_per_piece)));
  for (std::size_t i = kBlocks; i < codes.size(); ++i) {
    codes[i] = static_cast<char>(codes[i] ^ codes[i - kBlocks]);
  }
  const std::string found = codes.substr(at % pack.frames_per_piece * kBlocks, kBlocks);
  return {found.begin(), found.end()};
}

}  // namespace

TEST_CASE("every frame comes out of the pack as it was recorded") {
  const TempDir dir;
  const auto pack = pack_pageblocks(recorded(dir, 30), 100, 1'000'000);
  REQUIRE(pack.has_value());
  CHECK(pack->times.size() == 30);
  CHECK(pack->times[3] == 30);
  CHECK(pack->ranges == frame(0).ranges);
  CHECK(pack->gigablock == Order{13});
  for (std::size_t at = 0; at < 30; ++at) {
    CAPTURE(at);
    CHECK(unpacked(*pack, at) == frame(at).codes);
  }
}

TEST_CASE("too many frames: every n-th is kept, the first among them") {
  const TempDir dir;
  const auto pack = pack_pageblocks(recorded(dir, 30), 10, 1'000'000);
  REQUIRE(pack.has_value());
  CHECK(pack->times.size() == 8);
  CHECK(pack->times[1] == 40);
  CHECK(unpacked(*pack, 5) == frame(20).codes);
}

TEST_CASE("a small budget keeps fewer frames") {
  const TempDir dir;
  const auto path = recorded(dir, 200);
  const auto all = pack_pageblocks(path, 1000, 1'000'000);
  std::size_t bytes_of_all = 0;
  for (const std::string& piece : all->pieces) {
    bytes_of_all += piece.size();
  }
  const auto pack = pack_pageblocks(path, 1000, bytes_of_all / 3);
  REQUIRE(pack.has_value());
  CHECK(pack->times.size() < 200);
  CHECK(pack->times.size() >= 25);
}

TEST_CASE("no frame fits into no bytes, and no file has no frames") {
  const TempDir dir;
  CHECK_FALSE(pack_pageblocks(recorded(dir, 3), 100, 10).has_value());
  CHECK_FALSE(pack_pageblocks("/nonexistent/pageblocks.bin", 100, 1000).has_value());
}
