// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/design.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace gbsim;

namespace {

std::vector<Axis> two_axes() {
  Axis range{.key = "a"};
  range.range = parse_range("0.0", "1.0").value();
  Axis list{.key = "b", .values = {"x", "y", "z"}};
  return {range, list};
}

}  // namespace

TEST_CASE("a grid has every combination, the last axis fastest") {
  const std::vector<Axis> axes{{.key = "a", .values = {"1", "2"}}, {.key = "b", .values = {"x", "y"}}};
  const std::vector<Setting> expected{{"1", "x"}, {"1", "y"}, {"2", "x"}, {"2", "y"}};
  CHECK(lay_out(axes, Method::grid, 0, 1) == expected);
}

TEST_CASE("drawn designs repeat themselves, and another seed draws others") {
  for (const Method method : {Method::random, Method::latin_hypercube}) {
    CAPTURE(method_name(method));
    CHECK(lay_out(two_axes(), method, 20, 1) == lay_out(two_axes(), method, 20, 1));
    CHECK(lay_out(two_axes(), method, 20, 1) != lay_out(two_axes(), method, 20, 2));
    CHECK(lay_out(two_axes(), method, 20, 1).size() == 20);
  }
}

TEST_CASE("a latin hypercube uses each tenth of each axis once") {
  std::set<int> tenths;
  for (const Setting& setting : lay_out(two_axes(), Method::latin_hypercube, 10, 7)) {
    tenths.insert(static_cast<int>(std::stod(setting[0]) * 10));
  }
  CHECK(tenths.size() == 10);
}

TEST_CASE("Sobol's first points halve and quarter the axes") {
  const auto settings = lay_out({two_axes()[0], two_axes()[0]}, Method::sobol, 4, 1);
  REQUIRE(settings.size() == 4);
  std::set<int> quarters;
  for (const Setting& setting : settings) {
    quarters.insert(static_cast<int>(std::stod(setting[0]) * 4));
  }
  CHECK(quarters.size() >= 3);
  CHECK(std::ranges::count(settings, Setting{"0.5", "0.5"}) == 1);
}

TEST_CASE("the same setting is not laid out twice") {
  CHECK(lay_out({{.key = "a", .values = {"1", "2"}}}, Method::random, 100, 1).size() == 2);
}
