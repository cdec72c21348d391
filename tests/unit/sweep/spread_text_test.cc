// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/spread_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace gbsim;

TEST_CASE("a spread is told by its median, and by its range if there is more than one value") {
  CHECK(median_text(spread_of({1, 2, 6})) == "2");
  CHECK(range_text(spread_of({1, 2, 6})) == "1..6");
  CHECK(range_text(spread_of({2})).empty());
  CHECK(median_text(Spread{}) == "-");
}

TEST_CASE("a spread without values has a count and no numbers that could be taken for measured") {
  CHECK(to_json(Spread{}).dump() == R"({"runs":0})");
  CHECK(to_json(spread_of({3}))["median"] == 3);
}
