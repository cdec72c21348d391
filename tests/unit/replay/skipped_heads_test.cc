// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/skipped_heads.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a head that is passed over twice in a row is noticed, for each type by itself") {
  SkippedHeads heads;
  CHECK_FALSE(heads.is_again(Migratetype::movable, Pfn{8}));
  CHECK_FALSE(heads.is_again(Migratetype::unmovable, Pfn{9}));
  CHECK(heads.is_again(Migratetype::movable, Pfn{8}));
  CHECK_FALSE(heads.is_again(Migratetype::movable, Pfn{8}));
  CHECK_FALSE(heads.is_again(Migratetype::movable, Pfn{10}));
  CHECK_FALSE(heads.is_again(Migratetype::movable, Pfn{8}));
}
