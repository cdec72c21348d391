// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_pages.h"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/recording/byte_source.h"
#include "temp_dir.h"

using namespace gbsim;

namespace {

UntracedPages pages_of(const std::string& rows, Ns origin = Ns{0}) {
  test::TempDir dir;
  std::ofstream(dir.path() / "untraced.csv") << "t_zone_locked_us,t_free_us,pfn\n" << rows;
  return UntracedPages(read_untraced(dir.path() / "untraced.csv", origin));
}

}  // namespace

TEST_CASE("a page is held from the time it left the buddy until it is freed") {
  const UntracedPages pages = pages_of("10,20,77\n30,,77\n5,6,78\n", Ns{1000});
  CHECK_FALSE(pages.holds(Pfn{77}, Ns{10'999}));
  CHECK(pages.holds(Pfn{77}, Ns{11'000}));
  CHECK_FALSE(pages.holds(Pfn{77}, Ns{21'000}));
  CHECK(pages.holds(Pfn{77}, Ns{99'000'000}));
  CHECK_FALSE(pages.holds(Pfn{79}, Ns{11'000}));
}

TEST_CASE("rows that are no rows are refused") {
  CHECK_THROWS_WITH_AS(pages_of("10,20\n"), doctest::Contains("line 2: 2 fields where 3 belong"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("10,20,5"), doctest::Contains("line 2: the file ends inside a line"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("10,20,5\n-1,20,5\n"), doctest::Contains("line 3: no clock"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("20,10,5\n"), doctest::Contains("line 2: the page is freed before"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("10,20,5\n7,8,6\n10,20,5\n"),
                       doctest::Contains("page 5 leaves the buddy at 10000 ns and at 10000 ns"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("10,,5\n15,20,5\n"), doctest::Contains("is not freed between"), BadRecording);
  CHECK_NOTHROW(pages_of("10,20,5\n20,,5\n"));
  CHECK_THROWS_WITH_AS(pages_of("10,20,1099511627776\n"), doctest::Contains("line 2: page"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("10,x,5\n"), doctest::Contains("'x' is no whole number"), BadRecording);
  CHECK_THROWS_WITH_AS(pages_of("10,20,5\n9223372036854775807,,5\n"), doctest::Contains("no clock"), BadRecording);
}

TEST_CASE("what was found in a recording is told as what a file has") {
  const UntracedPages pages({{Pfn{77}, Ns{10}, Ns{20}}, {Pfn{77}, Ns{30}, Ns::max()}});
  CHECK(pages.holds(Pfn{77}, Ns{10}));
  CHECK_FALSE(pages.holds(Pfn{77}, Ns{20}));
  CHECK(pages.holds(Pfn{77}, Ns{31}));
}

TEST_CASE("stays come by the time pages left, though rows are by the time they were freed") {
  const test::TempDir dir;
  std::ofstream(dir.path() / "untraced.csv") << "t_zone_locked_us,t_free_us,pfn\n90,95,7\n12,99,8\n90,,9\n";
  const auto stays = read_untraced(dir.path() / "untraced.csv", Ns{0});
  REQUIRE(stays.size() == 3);
  CHECK(stays[0].pfn == Pfn{8});
  CHECK(stays[1].pfn == Pfn{7});
  CHECK(stays[2].pfn == Pfn{9});
}
