// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison_results.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "fake_run.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::FakeRun;
using gbsim::test::TempDir;
using gbsim::test::write_fake_run;
namespace fs = std::filesystem;

TEST_CASE("runs of several placements and seeds are compared by placement, as if they had been run together") {
  const TempDir dir;
  std::vector<fs::path> dirs;
  for (const char* placement : {"linux", "confined"}) {
    for (const std::uint64_t seed : {1U, 2U}) {
      dirs.push_back(dir.path() / (placement + std::to_string(seed)));
      write_fake_run({.placement = placement, .seed = seed, .taint = placement[0] == 'l' ? 1.0 : 0.5}, dirs.back());
    }
  }
  Comparison comparison(plan_for_results(dirs));
  CHECK(comparison.plan().placements == std::vector<std::string>{"linux", "confined"});
  CHECK(comparison.plan().seeds == std::vector<std::uint64_t>{1, 2});
  CHECK(comparison.plan().name == "mixed-server");
  CHECK_FALSE(comparison.next());
  CHECK(comparison.failures().empty());
  CHECK(comparison.run_dir("confined", 2) == dirs.back());
  CHECK(comparison.values("operations.allocs", "linux").size() == 2);
  CHECK(comparison.measured("extfrag_events.total", "confined").ratio.value() < 1);
}

TEST_CASE("runs that differ in neither placement nor seed stand for themselves, under their directories' names") {
  const TempDir dir;
  const std::vector<fs::path> dirs{dir.path() / "before", dir.path() / "after/"};
  write_fake_run({}, dirs[0]);
  write_fake_run({.taint = 2.0}, dirs[1]);
  const Comparison comparison(plan_for_results(dirs));
  CHECK(comparison.plan().placements == std::vector<std::string>{"before", "after"});
  CHECK(comparison.measured("extfrag_events.total", "after").ratio.value() > 1);
}

TEST_CASE("a directory without results of a completed run is named") {
  const TempDir dir;
  const std::vector<fs::path> dirs{dir.path() / "nothing"};
  CHECK_THROWS_WITH_AS(plan_for_results(dirs), doctest::Contains("nothing: no results of a completed run"),
                       std::invalid_argument);
}
