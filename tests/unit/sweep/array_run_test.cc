// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/array_run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <deque>

#include "fake_gbsim.h"
#include "sim/sweep/command_output.h"
#include "sim/sweep/task_queue.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::fake_gbsim;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

/** Runs with the seeds given; keeps how they ended. */
class Runs final : public RunSource {
 public:
  Runs(fs::path dir, std::deque<std::uint64_t> seeds) : dir_(std::move(dir)), seeds_(std::move(seeds)) {}

  std::optional<PointRun> next() override {
    if (seeds_.empty()) {
      return std::nullopt;
    }
    PointRun run{.scenario = "base.yaml", .dir = dir_ / "points" / std::to_string(seeds_.front())};
    run.seed = seeds_.front();
    seeds_.pop_front();
    return run;
  }
  void ended(const PointRun& run, const RunOutcome& outcome) override {
    ends.push_back(std::to_string(run.seed) + " " + outcome.outcome);
    reason = outcome.reason.empty() ? reason : outcome.reason;
  }

  std::vector<std::string> ends;
  std::string reason;

 private:
  fs::path dir_;
  std::deque<std::uint64_t> seeds_;
};

class Silent final : public BatchWatcher {
 public:
  void on_progress(std::size_t) override {}
};

/** Does the tasks of a job when it is submitted; then says @status of them. */
class Toy final : public TaskQueue {
 public:
  std::string submit(const fs::path& dir, const std::string&, std::size_t tasks) override {
    for (std::size_t i = 0; does_tasks && i < tasks; ++i) {
      output_of({"sh", (dir / (std::to_string(i) + ".sh")).string()});
    }
    return std::to_string(++jobs);
  }
  std::optional<std::string> find(const std::string&) override { return known; }
  std::optional<std::vector<TaskStatus>> look(const std::string&, std::size_t tasks) override {
    if (interrupts) {
      std::raise(SIGINT);
    }
    return answers ? std::optional(std::vector(tasks, status)) : std::nullopt;
  }
  std::string last_words(const fs::path&, const std::string&, std::size_t) override { return words; }

  bool does_tasks = true;
  bool interrupts = false;
  bool answers = true;
  std::optional<std::string> known;
  TaskStatus status{TaskPhase::ended, "COMPLETED"};
  std::string words;
  int jobs = 0;
};

struct Rig {
  TempDir dir;
  Toy queue;
  Silent watcher;
  ArrayOptions options{.gbsim = fake_gbsim(dir),
                       .dir = dir.path(),
                       .limits = {},
                       .division = {.runs_per_task = 3, .most_tasks = 9},
                       .poll = std::chrono::milliseconds(1),
                       .patience = std::chrono::milliseconds(1)};

  int run(Runs& runs) { return run_arrays(runs, queue, options, watcher); }
};

}  // namespace

TEST_CASE("an array does all runs, and what is known of it goes away") {
  Rig rig;
  Runs runs(rig.dir.path(), {1, 3, 4, 5});
  CHECK(rig.run(runs) == 0);
  CHECK(runs.ends == std::vector<std::string>{"1 completed", "3 completed", "4 completed", "5 completed"});
  CHECK(rig.queue.jobs == 1);
  CHECK(!fs::exists(array_file(rig.dir.path())));
}

TEST_CASE("the run a task was at takes the blame for its end, and the next job does those after it") {
  Rig rig;
  rig.queue.status = {TaskPhase::ended, "TIMEOUT"};
  Runs runs(rig.dir.path(), {1, 2, 3});
  CHECK(rig.run(runs) == 0);
  CHECK(runs.ends == std::vector<std::string>{"1 completed", "2 timeout", "3 completed"});
  CHECK(runs.reason == "Slurm task 1_0: TIMEOUT");
  CHECK(rig.queue.jobs == 2);
  CHECK(recorded_outcome(rig.dir.path() / "points" / "2")->outcome == "timeout");
}

TEST_CASE("what Slurm says of memory makes an end out-of-memory, and an unknown end is lost") {
  CHECK(task_outcome("OUT_OF_MEMORY", "") == "out-of-memory");
  CHECK(task_outcome("FAILED", "Exceeded job memory limit") == "out-of-memory");
  CHECK(task_outcome("FAILED", "Detected 1 oom-kill event(s)") == "out-of-memory");
  CHECK(task_outcome("DEADLINE", "") == "timeout");
  CHECK(task_outcome("NODE_FAIL", "") == "lost");
}

TEST_CASE("an interrupted program leaves the job, and the next one collects it") {
  Rig rig;
  rig.queue.does_tasks = false;
  rig.queue.interrupts = true;
  rig.queue.status = {TaskPhase::running, "RUNNING"};
  Runs first(rig.dir.path(), {1, 3});
  CHECK(rig.run(first) == SIGINT);
  rig.queue.interrupts = false;
  CHECK(job_under_way(rig.dir.path(), rig.queue) == "1");
  output_of({"sh", (rig.dir.path() / "slurm" / "0.sh").string()});

  Runs second(rig.dir.path(), {1, 3});
  CHECK(rig.run(second) == 0);
  CHECK(second.ends == std::vector<std::string>{"1 completed", "3 completed"});
  CHECK(rig.queue.jobs == 1);
}

TEST_CASE("a job whose id was not written down is found by its name, and submitted again if it is not there") {
  Rig rig;
  fs::create_directories(rig.dir.path() / "slurm");
  save({.name = job_name(rig.dir.path()), .job = "", .tasks = {{"points/1"}}}, array_file(rig.dir.path()));
  rig.queue.status = {TaskPhase::running, "RUNNING"};
  rig.queue.known = "9";
  CHECK(job_under_way(rig.dir.path(), rig.queue) == "9");
  rig.queue.known.reset();
  CHECK(!job_under_way(rig.dir.path(), rig.queue));
  Runs runs(rig.dir.path(), {1});
  CHECK(rig.run(runs) == 0);
  CHECK(rig.queue.jobs == 1);
}

TEST_CASE("no job is submitted after one that was withdrawn or did nothing") {
  Rig rig;
  rig.queue.does_tasks = false;
  Runs runs(rig.dir.path(), {1});
  CHECK_THROWS_AS(rig.run(runs), QueueError);
  CHECK(rig.queue.jobs == 1);
  rig.queue.status = {TaskPhase::withdrawn, "CANCELLED"};
  Runs again(rig.dir.path(), {1});
  CHECK_THROWS_AS(rig.run(again), QueueError);
  CHECK(again.ends.empty());
}

TEST_CASE("a job that died before anybody looked is followed by another") {
  Rig rig;
  fs::create_directories(rig.dir.path() / "slurm");
  save({.name = "gbsim-1", .job = "5", .tasks = {{"points/1"}}}, array_file(rig.dir.path()));
  Runs runs(rig.dir.path(), {1});
  CHECK(rig.run(runs) == 0);
  CHECK(runs.ends == std::vector<std::string>{"1 completed"});
}

TEST_CASE("a scheduler that does not answer decides nothing") {
  Rig rig;
  fs::create_directories(rig.dir.path() / "slurm");
  save({.name = "gbsim-1", .job = "5", .tasks = {{"points/1"}}}, array_file(rig.dir.path()));
  rig.queue.answers = false;
  rig.queue.interrupts = true;
  Runs runs(rig.dir.path(), {1});
  CHECK(rig.run(runs) == SIGINT);
  CHECK(runs.ends.empty());
  rig.queue.interrupts = false;
  CHECK(job_under_way(rig.dir.path(), rig.queue) == "5");
}
