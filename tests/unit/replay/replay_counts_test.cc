// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_counts.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("pages of one type count for it and for the whole") {
  Score score;
  score.add(Migratetype::movable, true);
  score.add(Migratetype::movable, false);
  score.add(Migratetype::unmovable, true);
  CHECK(score.all.predicted == 2);
  CHECK(score.all.total == 3);
  CHECK(score.by_type[index(Migratetype::movable)].share() == doctest::Approx(0.5));
}

TEST_CASE("what was not to be foretold was not missed") { CHECK(ExactCount{}.share() == doctest::Approx(1.0)); }
