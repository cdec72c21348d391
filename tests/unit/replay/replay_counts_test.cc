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

TEST_CASE("a window is over once it has its pages, and the next begins with the page after") {
  ReplayCounts counts;
  for (std::uint64_t i = 0; i <= ScoreWindow::kWindow; ++i) {
    counts.score(Ns{static_cast<std::int64_t>(i)}, Migratetype::movable, i != 0);
  }
  REQUIRE(counts.windows.size() == 2);
  CHECK(counts.windows[0].count.predicted == ScoreWindow::kWindow - 1);
  CHECK(counts.windows[1].begin == Ns{ScoreWindow::kWindow});
  CHECK(counts.whole.all.total == ScoreWindow::kWindow + 1);
}

TEST_CASE("what was not to be foretold was not missed") { CHECK(ExactCount{}.share() == doctest::Approx(1.0)); }
