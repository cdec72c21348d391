// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/lone_run.h"

#include <doctest/doctest.h>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

TEST_CASE("a run alone leaves its outcome like one of many") {
  const TempDir dir;
  const PointRun run{.scenario = "base.yaml", .dir = dir.path() / "1"};
  const LoneEnd end = run_alone(run, {.gbsim = "/bin/false"});
  CHECK(end.signal == 0);
  CHECK(end.outcome.outcome == "failed");
  CHECK(recorded_outcome(run.dir)->reason == "exit status 1");
}
