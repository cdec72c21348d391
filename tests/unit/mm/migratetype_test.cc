// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/migratetype.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("reserves, CMA and isolated blocks do not merge with others") {
  CHECK(is_mergeable(Migratetype::reclaimable));
  CHECK_FALSE(is_mergeable(Migratetype::highatomic));
  CHECK_FALSE(is_mergeable(Migratetype::cma));
  CHECK_FALSE(is_mergeable(Migratetype::isolate));
  CHECK(name(Migratetype::highatomic) == "HighAtomic");
}
