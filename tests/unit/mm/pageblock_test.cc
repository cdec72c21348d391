// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pageblock.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("requests that are neither movable nor reclaimable count as unmovable") {
  CHECK(Pageblock::counter_of(Migratetype::movable) == &Pageblock::movable);
  CHECK(Pageblock::counter_of(Migratetype::reclaimable) == &Pageblock::reclaimable);
  CHECK(Pageblock::counter_of(Migratetype::highatomic) == &Pageblock::unmovable);
}

TEST_CASE("a pageblock descriptor stays within 32 bytes") { CHECK(sizeof(Pageblock) <= 32); }
