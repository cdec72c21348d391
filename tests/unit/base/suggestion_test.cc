// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/suggestion.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace gbsim;

TEST_CASE("what is near is suggested, with its prefix") {
  constexpr std::array<std::string_view, 2> kKnown{"seed", "set"};
  CHECK(suggestion("sede", kKnown) == "; did you mean 'seed'?");
  CHECK(suggestion("sede", kKnown, "--") == "; did you mean '--seed'?");
}

TEST_CASE("where nothing is near, a few are all told, of many their number") {
  constexpr std::array<std::string_view, 2> kKnown{"seed", "set"};
  CHECK(suggestion("timeline", kKnown) == "; known are seed, set");
  CHECK(suggestion("timeline", kKnown, "--") == "; known are --seed, --set");
  CHECK(suggestion("timeline", std::vector<std::string_view>(200, "seed")) ==
        "; none of the 200 known is like it");
  CHECK(suggestion("timeline", {}) == "; there are none");
}
