// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/by_cpu.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gbsim;

TEST_CASE("a CPU that shows late has what a new one has, and those before keep theirs") {
  ByCpu<int> values;
  values[1] = 7;
  CHECK(values[4] == 0);
  CHECK(values[1] == 7);
  CHECK(std::ranges::count(values, 0) == 4);
}
