// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/point_run.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

PointRun run_in(const fs::path& dir) {
  PointRun run;
  run.scenario = "base.yaml";
  run.dir = dir;
  run.settings = {"vm.swappiness=10"};
  run.seed = 3;
  return run;
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("a run is one command that names all it needs") {
  CHECK(shell_line(run_command("/usr/bin/gbsim", run_in("out"))) ==
        "/usr/bin/gbsim run base.yaml --set vm.swappiness=10 --seed 3 -o out --force --quiet --no-plots");
}

TEST_CASE("words are quoted for the shell where they need it") {
  CHECK(shell_line({"a b", "it's", "", "x=1"}) == "'a b' 'it'\\''s' '' x=1");
}

TEST_CASE("each way to end has its outcome and reason, and is found again") {
  const TempDir dir;
  const PointRun run = run_in(dir.path() / "1");
  RunLimits limits;
  limits.timeout = std::chrono::seconds(90);
  limits.memory = 4096;
  run_job("gbsim", run, limits);
  const auto outcome_of = [&](ProcessFate fate, int code) {
    const RunOutcome outcome = settle_run(run, limits, {.fate = fate, .code = code});
    const auto recorded = recorded_outcome(run.dir);
    REQUIRE(recorded);
    CHECK(recorded->outcome == outcome.outcome);
    CHECK(recorded->reason == outcome.reason);
    return outcome.outcome + ": " + outcome.reason;
  };
  CHECK(outcome_of(ProcessFate::timed_out, 9) == "timeout: no end within 1m30s");
  CHECK(outcome_of(ProcessFate::over_memory_limit, 9) == "out-of-memory: held more than 4KiB");
  CHECK(outcome_of(ProcessFate::oom_killed, 9) == "out-of-memory: killed by the host's OOM killer");
  CHECK(outcome_of(ProcessFate::signalled, 11) == "crashed: signal 11 (Segmentation fault)");
  CHECK(outcome_of(ProcessFate::exited, 1) == "failed: exit status 1");
  write(run.dir / "run.log", "gbsim: failed: invariant broke\n");
  CHECK(outcome_of(ProcessFate::exited, 1) == "failed: gbsim: failed: invariant broke");
  write(run.dir / "run.log", "gbsim: failed: std::bad_alloc\n");
  CHECK(outcome_of(ProcessFate::exited, 1) == "out-of-memory: the host refused memory");
}

TEST_CASE("a completed run has its summary and no log") {
  const TempDir dir;
  const PointRun run = run_in(dir.path());
  write(dir.path() / "run.log", "plots\n");
  write(dir.path() / "summary.json", R"({"outcome": "completed", "seed": 3})");
  const RunOutcome outcome = settle_run(run, {}, {.fate = ProcessFate::exited, .code = 0});
  CHECK(outcome.outcome == "completed");
  CHECK(outcome.summary.value().value("seed") == 3.0);
  CHECK(!fs::exists(dir.path() / "run.log"));
}

TEST_CASE("an interrupted run has not ended, and a new start forgets an old failure") {
  const TempDir dir;
  const PointRun run = run_in(dir.path());
  write(dir.path() / "summary.json", R"({"outcome": "interrupted"})");
  CHECK(!recorded_outcome(dir.path()));
  record_failure(run, "lost", "no trace");
  CHECK(recorded_outcome(dir.path())->outcome == "lost");
  run_job("gbsim", run, {});
  CHECK(!recorded_outcome(dir.path()));
}

TEST_CASE("a point is one command that needs nothing but the files it names") {
  const fs::path here = fs::current_path();
  const RunLimits limits{.timeout = std::chrono::milliseconds(1500), .memory = 3 << 20};
  CHECK(shell_line(point_command("/usr/bin/gbsim", run_in("out"), limits)) ==
        "/usr/bin/gbsim point " + (here / "base.yaml").string() + " --set vm.swappiness=10 --seed 3 -o " +
            (here / "out").string() + " --timeout 1.5s --memory-per-run 3MiB");
}
