// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/path_bench.h"

#include <doctest/doctest.h>

#include <set>

using namespace gbsim;

TEST_CASE("path rows are named by variant, gigablocks, state and order") {
  CHECK(path_name(path_variants()[1], std::uint64_t{16} << 30, PathState::aged, 2) == "path/walk/16/aged/order9");
  std::set<std::string_view> names;
  for (const PathVariant& variant : path_variants()) {
    names.insert(variant.name);
  }
  CHECK(names.size() == 9);
}

TEST_CASE("linux takes part unasked, only what was asked for is reported") {
  const auto rows = measure_path(std::uint64_t{1} << 30, PathState::fresh,
                                 [](const std::string& name) { return name == "path/bitmap/1/fresh/order3"; });
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].name == "path/bitmap/1/fresh/order3");
  CHECK(rows[0].ratio_to_linux > 0);
  CHECK(rows[0].ns_per_operation > 0);
  CHECK(measure_path(std::uint64_t{1} << 30, PathState::fresh, [](const std::string&) { return false; }).empty());
}
