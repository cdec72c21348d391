// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/policy.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("tunables name the policy") {
  for (std::size_t i = 0; i < kPlacementNames.size(); ++i) {
    Tunables tunables;
    tunables.placement = placement_kind(kPlacementNames[i]);
    CHECK(make_placement(tunables)->name() == kPlacementNames[i]);
  }
  CHECK_THROWS(placement_kind("best"));
  CHECK(pcp_kind("none") == PcpKind::none);
  CHECK_THROWS(pcp_kind("best"));
}

TEST_CASE("only linux looks at its own lists unasked, and only gigablocks count their steps") {
  Tunables tunables;
  CHECK(make_placement(tunables)->takes_own_first());
  CHECK(make_placement(tunables)->steps().empty());
  tunables.placement = PlacementKind::gigablock_walk;
  const auto walk = make_placement(tunables);
  CHECK_FALSE(walk->takes_own_first());
  CHECK(walk->steps().front().step == "take_preferred");
  CHECK(walk->search_cost().picks == 0);
}
