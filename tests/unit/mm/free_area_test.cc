// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/free_area.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a free area finds the smallest order that can serve a request") {
  FreeArea area;
  CHECK_FALSE(area.smallest(Order{0}, Migratetype::movable));
  area.list(Order{5}, Migratetype::movable).add_head(32, [](PageIndex, std::uint32_t) {});
  area.note(Order{5}, Migratetype::movable);
  CHECK(area.smallest(Order{0}, Migratetype::movable) == Order{5});
  CHECK(area.smallest(Order{5}, Migratetype::movable) == Order{5});
  CHECK_FALSE(area.smallest(Order{6}, Migratetype::movable));
  CHECK_FALSE(area.smallest(Order{0}, Migratetype::unmovable));
  CHECK(area.nr_free(Order{5}, Migratetype::movable) == 1);
}
