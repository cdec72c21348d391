// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "temp_dir.h"
#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Ends every run, in order or backwards within what is open at once; the first point's seeds differ. */
void end_all(Sweep& sweep, bool backwards) {
  while (true) {
    std::vector<PointRun> open;
    while (auto run = sweep.next()) {
      open.push_back(*run);
    }
    if (open.empty()) {
      return;
    }
    if (backwards) {
      std::ranges::reverse(open);
    }
    for (const PointRun& run : open) {
      const bool first = run.dir.parent_path().filename() == "0001";
      sweep.ended(run, toy_outcome(first ? 0.1 * static_cast<double>(run.seed % 3 + 1) : 0.5));
    }
  }
}

}  // namespace

TEST_CASE("a run of a point has its settings, its seed and its directory") {
  Sweep sweep = toy_sweep(toy_spec());
  const auto run = sweep.next();
  REQUIRE(run);
  CHECK(run->dir == "out/points/0001/5");
  CHECK(run->settings == std::vector<std::string>{"x=1", "word=a"});
  CHECK(run->scenario == "out/base.yaml");
  CHECK(sweep.total() == 4);
}

TEST_CASE("a filter leaves points out, and ids count those that stay") {
  SweepSpec spec = toy_spec();
  spec.filters.emplace_back("x > 1");
  const Sweep sweep = toy_sweep(std::move(spec));
  REQUIRE(sweep.points().size() == 2);
  CHECK(sweep.points()[0].id == "0001");
  CHECK(sweep.points()[0].setting == Setting{"2", "a"});
}

TEST_CASE("metrics read the summary and varied keys, a failed run has none") {
  Sweep sweep = toy_sweep(toy_spec());
  const auto first = sweep.next(), second = sweep.next();
  sweep.ended(*second, {"crashed", "signal 11"});
  sweep.ended(*first, toy_outcome(0.25));
  CHECK(sweep.points()[0].runs[0].metrics == std::vector<std::optional<double>>{25.0, 10.0});
  CHECK(!sweep.points()[1].runs[0].metrics[0]);
  CHECK(sweep.points()[1].runs[0].reason == "signal 11");
  CHECK(sweep.failed() == 1);
}

TEST_CASE("the stop rule adds seeds where they differ, in whatever order runs end") {
  std::vector<std::vector<std::size_t>> wanted;
  for (const bool backwards : {false, true}) {
    SweepSpec spec = toy_spec();
    spec.seeds = 2;
    spec.until = StopRule{.confidence = 0.95, .width = 0.05, .metrics = {"good"}, .max_seeds = 6};
    Sweep sweep = toy_sweep(std::move(spec));
    end_all(sweep, backwards);
    wanted.emplace_back();
    for (const SweepPoint& point : sweep.points()) {
      wanted.back().push_back(point.wanted);
      CHECK(point.runs.size() == point.wanted);
    }
  }
  CHECK(wanted[0] == std::vector<std::size_t>{6, 2, 2, 2});
  CHECK(wanted[1] == wanted[0]);
}

TEST_CASE("a point that only fails gets no more seeds") {
  SweepSpec spec = toy_spec();
  spec.seeds = 2;
  spec.until = StopRule{.metrics = {"good"}, .max_seeds = 6};
  Sweep sweep = toy_sweep(std::move(spec));
  while (const auto run = sweep.next()) {
    sweep.ended(*run, {"crashed", "signal 11"});
  }
  CHECK(sweep.done() == 8);
}

TEST_CASE("recorded outcomes are taken over and only the rest is run") {
  const TempDir dir;
  SweepSpec spec = toy_spec();
  spec.seeds = 2;
  Sweep before = toy_sweep(spec, dir.path());
  const PointRun run = before.run_of(before.points()[1], 0);
  std::filesystem::create_directories(run.dir);
  record_failure(run, "crashed", "signal 11");
  Sweep sweep = toy_sweep(spec, dir.path());
  sweep.take_recorded();
  CHECK(sweep.done() == 1);
  CHECK(sweep.failed() == 1);
  std::size_t left = 0;
  while (const auto next = sweep.next()) {
    CHECK(next->dir != run.dir);
    ++left;
  }
  CHECK(left == 7);
}

TEST_CASE("a point that varies the machine's memory says so, for those who start what fits") {
  SweepSpec spec = toy_spec();
  spec.axes[0] = {.key = "machine.memory", .values = {"1GiB", "64GiB"}};
  spec.metrics = {{"good", Expression("100 * thp.success_rate")}};
  spec.objectives.clear();
  const Sweep sweep = toy_sweep(std::move(spec));
  CHECK(sweep.run_of(sweep.points().front(), 0).simulated_memory == std::uint64_t{1} << 30);
  CHECK(sweep.run_of(sweep.points().back(), 0).simulated_memory == std::uint64_t{64} << 30);
}
