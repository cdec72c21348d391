// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/csv_pack.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;
using Bytes = std::vector<std::uint8_t>;

namespace {

constexpr const char* kHeader =
    "time_s,gigablock,state,free_pages,movable_pages,unmovable_pages,reclaimable_pages,pinned_pages,free_pageblocks\n";

std::filesystem::path gigablocks_csv(const TempDir& dir, const std::string& rows) {
  std::ofstream(dir.path() / "gigablocks.csv") << kHeader << rows;
  return dir.path() / "gigablocks.csv";
}

}  // namespace

TEST_CASE("a short table stays as it is") {
  CHECK(thin_csv("t,a\n0,1\n1,2\n", 2) == "t,a\n0,1\n1,2\n");
  CHECK(thin_csv("", 10).empty());
}

TEST_CASE("a long table keeps its header, every n-th row and its last") {
  CHECK(thin_csv("t\n0\n1\n2\n3\n4\n5\n", 3) == "t\n0\n2\n4\n5\n");
}

TEST_CASE("a last row without its end is still a row") {
  CHECK(thin_csv("t\n0\n1", 9) == "t\n0\n1\n");
}

TEST_CASE("gigablocks become planes of bytes, one sample beside another") {
  const TempDir dir;
  const auto planes = read_gigablock_planes(gigablocks_csv(dir, "0,2,empty,262144,0,0,0,0,512\n"
                                                                "0,3,tainted,0,131072,1,0,0,0\n"
                                                                "10,2,clean,131072,131072,0,0,512,256\n"
                                                                "10,3,partial,0,0,0,0,0,0\n"), 100);
  CHECK(planes.times == std::vector<double>{0, 10});
  CHECK(planes.gigablocks == std::vector<unsigned>{2, 3});
  CHECK(planes.state == Bytes{0, 2, 1, 3});
  CHECK(planes.free == Bytes{255, 0, 128, 0});
  CHECK(planes.movable == Bytes{0, 128, 128, 0});
  CHECK(planes.pinned == Bytes{0, 0, 1, 0});
}

TEST_CASE("shares are of the run's own gigablocks, whatever their size") {
  const TempDir dir;
  const auto planes = read_gigablock_planes(gigablocks_csv(dir, "0,0,partial,10000,0,0,0,0,0\n"
                                                                "0,1,clean,8192,8192,0,0,0,0\n"), 100);
  CHECK(planes.movable == Bytes{0, 128});
}

TEST_CASE("a single unmovable page is seen in a gigablock") {
  const TempDir dir;
  const auto planes = read_gigablock_planes(gigablocks_csv(dir, "0,0,tainted,262143,0,1,0,0,511\n"), 100);
  CHECK(planes.unmovable == Bytes{1});
}

TEST_CASE("a sample that a killed run did not finish is left out of the planes") {
  const TempDir dir;
  const auto planes = read_gigablock_planes(gigablocks_csv(dir, "0,0,empty,1,0,0,0,0,0\n0,1,empty,1,0,0,0,0,0\n"
                                                                "5,0,clean,1,0,0,0,0,0\n"), 100);
  CHECK(planes.times == std::vector<double>{0});
  CHECK(planes.state.size() == 2);
}

TEST_CASE("many samples are thinned") {
  const TempDir dir;
  std::string rows;
  for (int t = 0; t < 100; ++t) {
    rows += std::to_string(t) + ",0,empty,1,0,0,0,0,0\n";
  }
  const auto planes = read_gigablock_planes(gigablocks_csv(dir, rows), 30);
  CHECK(planes.times.size() == 25);
  CHECK(planes.times[1] == 4);
}

TEST_CASE("no file, no planes") {
  CHECK(read_gigablock_planes("/nonexistent/gigablocks.csv", 10).times.empty());
}

TEST_CASE("differences are against the sample before, modulo 256") {
  CHECK(differences({1, 2, 3, 1}, 2) == std::string("\x01\x02\x02\xff", 4));
}

TEST_CASE("a file's text is all of it") {
  const TempDir dir;
  std::ofstream(dir.path() / "f") << "a\n\nb";
  CHECK(file_text(dir.path() / "f") == "a\n\nb");
  CHECK(file_text(dir.path() / "none").empty());
}
