// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/batch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "fake_gbsim.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::fake_gbsim;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

/** Runs with seeds from 1 on; the end of the first brings one more. */
class Seeds final : public RunSource {
 public:
  Seeds(fs::path dir, std::uint64_t count) : dir_(std::move(dir)), left_(count) {}

  std::optional<PointRun> next() override {
    if (left_ == 0) {
      return std::nullopt;
    }
    --left_;
    PointRun run;
    run.seed = ++given;
    run.dir = dir_ / std::to_string(run.seed);
    return run;
  }
  void ended(const PointRun& run, const RunOutcome& outcome) override {
    left_ += run.seed == 1 ? 1 : 0;
    outcomes.push_back(outcome.outcome);
  }

  std::uint64_t given = 0;
  std::vector<std::string> outcomes;

 private:
  fs::path dir_;
  std::uint64_t left_;
};

class Silent final : public BatchWatcher {
 public:
  void on_progress(std::size_t running) override { most = std::max(most, running); }
  std::size_t most = 0;
};

}  // namespace

TEST_CASE("a batch runs all there is, also what comes later, and a crash stops nothing") {
  const TempDir dir;
  Seeds seeds(dir.path() / "runs", 4);
  Silent watcher;
  const int signal = run_batch(seeds, {.gbsim = fake_gbsim(dir), .jobs = 2, .memory = 0, .limits = {}}, watcher);
  CHECK(signal == 0);
  CHECK(seeds.given == 5);
  CHECK(seeds.outcomes.size() == 5);
  CHECK(std::ranges::count(seeds.outcomes, "completed") == 4);
  CHECK(std::ranges::count(seeds.outcomes, "crashed") == 1);
  CHECK(watcher.most == 2);
}

TEST_CASE("a run that somebody stopped has no recorded outcome, one that was killed has, unless a scheduler is above") {
  const TempDir dir;
  const auto ends_of = [&](const std::string& signal, bool scheduled) {
    const fs::path program = dir.path() / "stopped";
    std::ofstream(program) << "#!/bin/sh\nkill -" << signal << " $$\n";
    fs::permissions(program, fs::perms::owner_all);
    Seeds seeds(dir.path() / signal / (scheduled ? "scheduled" : "alone"), 1);
    Silent watcher;
    BatchOptions options{.gbsim = program, .jobs = 1, .memory = 0, .limits = {}, .scheduled = scheduled};
    CHECK(run_batch(seeds, options, watcher) == 0);
    const bool recorded = recorded_outcome(dir.path() / signal / (scheduled ? "scheduled" : "alone") / "1").has_value();
    return seeds.outcomes.front() + (recorded ? ", recorded" : "");
  };
  CHECK(ends_of("TERM", false) == "stopped");
  CHECK(ends_of("INT", true) == "stopped");
  CHECK(ends_of("KILL", false) == "crashed, recorded");
  CHECK(ends_of("KILL", true) == "stopped");
}

TEST_CASE("runs that do not fit in memory together run one after the other") {
  const TempDir dir;
  Seeds seeds(dir.path() / "runs", 4);
  Silent watcher;
  run_batch(seeds, {.gbsim = fake_gbsim(dir), .jobs = 4, .memory = 1, .limits = {}}, watcher);
  CHECK(watcher.most == 1);
  CHECK(seeds.outcomes.size() == 5);
}

TEST_CASE("without a figure, a batch leaves a share of the host's memory to others") {
  CHECK(batch_memory({.gbsim = "", .jobs = 1, .memory = 77, .limits = {}}) == 77);
  CHECK(batch_memory({.gbsim = "", .jobs = 1, .memory = 0, .limits = {}}) > 0);
}
