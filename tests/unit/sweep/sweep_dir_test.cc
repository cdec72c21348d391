// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_dir.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/metrics/result_dir.h"
#include "temp_dir.h"
#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("the plan has a row a point") {
  CHECK(plan_csv(toy_sweep(toy_spec())) == "point,x,word\n0001,1,a\n0002,1,b\n0003,2,a\n0004,2,b\n");
}

TEST_CASE("a sweep goes on in its directory only if base and points are the same") {
  const TempDir dir;
  const auto path = dir.path() / "s";
  const Sweep sweep = toy_sweep(toy_spec(), path);
  CHECK_THROWS_AS(check_sweep_dir(sweep, {"base", "sweep"}), ResultDirRefused);
  create_sweep_dir(sweep, {"base", "sweep"}, false);
  check_sweep_dir(sweep, {"base", "other metrics"});
  CHECK(read_text(path / "sweep.yaml") == "other metrics");
  CHECK_THROWS_AS(check_sweep_dir(sweep, {"other base", "sweep"}), ResultDirRefused);
  SweepSpec spec = toy_spec();
  spec.axes[0].values = {"1", "3"};
  CHECK_THROWS_AS(check_sweep_dir(toy_sweep(spec, path), {"base", "sweep"}), ResultDirRefused);
}

TEST_CASE("an occupied directory is refused, and replaced only if asked to") {
  const TempDir dir;
  const Sweep sweep = toy_sweep(toy_spec(), dir.path());
  std::filesystem::create_directories(dir.path() / "points" / "0001");
  CHECK_THROWS_AS(create_sweep_dir(sweep, {"base", "sweep"}, false), ResultDirRefused);
  create_sweep_dir(sweep, {"base", "sweep"}, true);
  CHECK(!std::filesystem::exists(dir.path() / "points"));
}

TEST_CASE("two programs do not share a sweep's directory") {
  const TempDir dir;
  {
    const DirLock lock(dir.path());
    CHECK_THROWS_AS(DirLock(dir.path()), ResultDirRefused);
  }
  const DirLock again(dir.path());
}

TEST_CASE("there is a command for each run that has not ended") {
  Sweep sweep = toy_sweep(toy_spec(), "/s");
  const std::string text = commands_text(sweep, "/bin/gbsim", {.timeout = std::chrono::seconds(90)});
  CHECK(std::ranges::count(text, '\n') == 4);
  CHECK(text.find("/bin/gbsim point /s/base.yaml --set x=1 --set word=a --seed 5 -o /s/points/0001/5 --timeout "
                  "1m30s\n") !=
        std::string::npos);
}
