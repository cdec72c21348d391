// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison_set.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

Comparison toy(const char* name, std::vector<std::uint64_t> seeds) {
  ComparisonPlan plan;
  plan.dir = name;
  plan.placements = {"linux"};
  plan.seeds = std::move(seeds);
  return Comparison(plan);
}

}  // namespace

TEST_CASE("comparisons of a set run one after the other, and each hears the end of its own runs") {
  std::vector<Comparison> comparisons{toy("a", {1}), toy("b", {1, 2})};
  ComparisonSet set(comparisons);
  std::vector<PointRun> runs;
  while (const auto run = set.next()) {
    runs.push_back(*run);
  }
  REQUIRE(runs.size() == 3);
  CHECK(set.total() == 3);
  CHECK(runs[0].dir == "a/linux-1");
  CHECK(runs[2].dir == "b/linux-2");
  set.ended(runs[2], RunOutcome{"crashed", "signal 11"});
  CHECK(set.done() == 1);
  CHECK(set.failed() == 1);
  CHECK(comparisons[0].done() == 0);
  CHECK(comparisons[1].failed() == 1);
}
