// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/demand_outcome.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("refusals are counted by order and in pages") {
  DemandOutcome outcome;
  outcome.refuse(Order{0});
  outcome.refuse(Order{3});
  outcome.refuse(Order{3});
  CHECK(outcome.refused == std::map<unsigned, std::uint64_t>{{0, 1}, {3, 2}});
  CHECK(outcome.refused_pages == NrPages{17});
}
