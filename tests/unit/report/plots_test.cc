// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/plots.h"

#include <doctest/doctest.h>

#include "fake_run.h"
#include "path_guard.h"
#include "sim/report/gnuplot.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::read_text;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

bool has_gnuplot() {
  if (find_gnuplot()) {
    return true;
  }
  MESSAGE("skipped: no gnuplot");
  return false;
}

}  // namespace

TEST_CASE("every figure is drawn as PNG and SVG, its script beside it") {
  if (!has_gnuplot()) {
    return;
  }
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  const PlotOutcome outcome = draw_plots(dir.path());
  CAPTURE(outcome.problems);
  CHECK(outcome.problems.empty());
  CHECK(outcome.pictures.size() == 20);
  for (const fs::path& picture : outcome.pictures) {
    CAPTURE(picture);
    CHECK(fs::file_size(picture) > 1000);
    CHECK(fs::file_size(picture) < 2'000'000);
    CHECK(fs::exists(fs::path(picture).replace_extension(".gp")));
  }
}

TEST_CASE("the same results give the same pictures wherever they lie") {
  if (!has_gnuplot()) {
    return;
  }
  const TempDir dir;
  for (const char* name : {"a", "b"}) {
    test::write_fake_run({}, dir.path() / name);
    draw_plots(dir.path() / name);
  }
  for (const char* file : {"gigablock_map.png", "gigablock_map.svg", "memory.png", "memory.svg", "memory.gp"}) {
    CAPTURE(file);
    CHECK(read_text(dir.path() / "a" / "plots" / file) == read_text(dir.path() / "b" / "plots" / file));
  }
}

TEST_CASE("several runs are overlaid into a directory of their own") {
  if (!has_gnuplot()) {
    return;
  }
  const TempDir dir;
  test::write_fake_run({}, dir.path() / "a");
  test::write_fake_run({.placement = "confined"}, dir.path() / "b");
  const std::vector<fs::path> dirs{dir.path() / "a", dir.path() / "b"};
  const PlotOutcome outcome = draw_plots(dirs, dir.path() / "out");
  CAPTURE(outcome.problems);
  CHECK(outcome.problems.empty());
  CHECK(outcome.pictures.size() == 20);
}

TEST_CASE("without gnuplot the scripts are written and the way to get it is named") {
  const TempDir dir;
  const test::PathGuard path(dir.path());
  test::write_fake_run({}, dir.path());
  const PlotOutcome outcome = draw_plots(dir.path());
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0] == gnuplot_advice());
  CHECK(outcome.pictures.empty());
  CHECK(fs::exists(dir.path() / "plots" / "memory.gp"));
}

TEST_CASE("a directory without results is named and skipped") {
  const TempDir dir;
  const PlotOutcome outcome = draw_plots(dir.path());
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].find(dir.path().string()) == 0);
}

TEST_CASE("a script that gnuplot refuses is a failure, and no picture") {
  if (!has_gnuplot()) {
    return;
  }
  const TempDir dir;
  test::write_text(dir.path() / "bad.gp", "no such command\n");
  PlotOutcome outcome;
  draw_pictures({{dir.path() / "bad.gp", "png"}}, outcome);
  CHECK(outcome.failed);
  CHECK(outcome.problems.size() == 1);
  CHECK(outcome.pictures.empty());
}
