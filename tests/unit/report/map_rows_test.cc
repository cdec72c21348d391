// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/map_rows.h"

#include <doctest/doctest.h>

#include <fstream>
#include <numeric>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

TEST_CASE("gigablocks without a hole among them are rows by their own numbers") {
  const MapRows rows({0, 1, 2, 3});
  CHECK(rows.count() == 4);
  CHECK(rows.holes().empty());
  CHECK(rows.row_function() == "row(g) = g - 0\n");
  CHECK(rows.tics() == "set ytics (\"0\" 0, \"1\" 1, \"2\" 2, \"3\" 3)\n");
}

TEST_CASE("rows close up over holes in physical memory, labels keep the gigablocks' numbers") {
  const MapRows rows({1, 2, 4, 8});
  CHECK(rows.holes() == std::vector<std::size_t>{2, 3});
  CHECK(rows.row_function() == "row(g) = g - 1 - (g > 2 ? 1 : 0) - (g > 4 ? 3 : 0)\n");
  CHECK(rows.tics() == "set ytics (\"1\" 0, \"2\" 1, \"4\" 2, \"8\" 3)\n");
}

TEST_CASE("many gigablocks have few labels") {
  std::vector<std::uint64_t> all(252);
  std::iota(all.begin(), all.end(), 0);
  const std::string tics = MapRows(all).tics();
  CHECK(tics.starts_with("set ytics (\"0\" 0, \"50\" 50, "));
  CHECK(tics.ends_with("\"250\" 250)\n"));
}

TEST_CASE("rows are read from the first sample, and a file that is not there has none") {
  const TempDir dir;
  std::ofstream(dir.path() / "gigablocks.csv") << "time_s,gigablock,state\n0,0,partial\n0,4,clean\n10,0,partial\n";
  CHECK(read_map_rows(dir.path() / "gigablocks.csv").holes() == std::vector<std::size_t>{1});
  CHECK(read_map_rows(dir.path() / "none.csv").count() == 0);
}
