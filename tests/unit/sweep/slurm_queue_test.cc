// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/slurm_queue.h"

#include <doctest/doctest.h>

#include <array>
#include <fstream>

#include "path_guard.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::PathGuard;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

/** A program in @dir that says @text and exits with @status. */
void stand_in(const TempDir& dir, const char* name, const std::string& text, int status = 0) {
  const fs::path file = dir.path() / name;
  std::ofstream(file) << "#!/bin/sh\necho \"$0 $@\" >> " << (dir.path() / "calls").string() << "\nprintf '" << text
                      << "'\nexit " << status << "\n";
  fs::permissions(file, fs::perms::owner_all);
}

std::string calls(const TempDir& dir) {
  std::ifstream stream(dir.path() / "calls");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string words(const std::vector<TaskStatus>& statuses) {
  constexpr std::array<const char*, 4> kNames{"waiting", "running", "ended", "withdrawn"};
  std::string text;
  for (const TaskStatus& status : statuses) {
    text += std::string(kNames.at(static_cast<std::size_t>(status.phase))) + " " + status.state + "; ";
  }
  return text;
}

}  // namespace

TEST_CASE("states of tasks are told apart, and a task that is not named has ended") {
  const auto statuses = slurm_statuses({"0 PENDING", "2 COMPLETING", "3 CANCELLED by 0", "7 RUNNING", "nonsense"}, 4);
  CHECK(words(statuses) ==
        "waiting PENDING; ended no longer known to Slurm; running COMPLETING; withdrawn CANCELLED; ");
  CHECK(slurm_phase("NODE_FAIL") == TaskPhase::ended);
  CHECK(slurm_phase("SUSPENDED") == TaskPhase::running);
}

TEST_CASE("a job array is submitted with its name, bounds and the user's own options last") {
  const TempDir dir;
  const PathGuard path(dir.path());
  stand_in(dir, "sbatch", "sbatch: warning: slow\\n17;cluster\\n");
  SlurmQueue queue({.at_once = 3, .sbatch_words = {"--partition=long"}});
  CHECK(queue.submit(dir.path(), "gbsim-1", 20) == "17");
  const std::string home = dir.path().string();
  CHECK(calls(dir) == home + "/sbatch --parsable --job-name=gbsim-1 --array=0-19%3 --output=" + home +
                          "/%A_%a.out --partition=long " + home + "/task.sh\n");
  CHECK(fs::exists(dir.path() / "task.sh"));
}

TEST_CASE("what sbatch complains of is the reason of the refusal") {
  const TempDir dir;
  const PathGuard path(dir.path());
  stand_in(dir, "sbatch", "sbatch: error: invalid partition specified: nix\\n", 1);
  SlurmQueue queue(SlurmOptions{});
  CHECK_THROWS_WITH_AS(queue.submit(dir.path(), "gbsim-1", 1), "sbatch: error: invalid partition specified: nix",
                       QueueError);
}

TEST_CASE("jobs that squeue has forgotten are asked of sacct, and a silent scheduler is no answer") {
  const TempDir dir;
  const PathGuard path(dir.path());
  SlurmQueue queue(SlurmOptions{});
  stand_in(dir, "squeue", "0 COMPLETED\\n1 RUNNING\\n");
  CHECK(words(queue.look("17", 2).value()) == "ended COMPLETED; running RUNNING; ");
  stand_in(dir, "squeue", "slurm_load_jobs error: Invalid job id specified\\n", 1);
  stand_in(dir, "sacct", "17_0|COMPLETED\\n17_1|CANCELLED by 0\\n");
  CHECK(words(queue.look("17", 2).value()) == "ended COMPLETED; withdrawn CANCELLED; ");
  stand_in(dir, "sacct", "Slurm accounting storage is disabled\\n", 1);
  CHECK(words(queue.look("17", 1).value()) == "ended no longer known to Slurm; ");
  stand_in(dir, "squeue", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\\n", 1);
  CHECK(!queue.look("17", 2));
  CHECK_THROWS_AS(queue.find("gbsim-1"), QueueError);
}

TEST_CASE("Slurm's own words in a task's output are found among the program's") {
  const TempDir dir;
  std::ofstream(dir.path() / "17_3.out") << "gbsim: a: completed\n"
                                            "slurmstepd: error: Exceeded job memory limit\nKilled\n";
  SlurmQueue queue(SlurmOptions{});
  CHECK(queue.last_words(dir.path(), "17", 3) == "Exceeded job memory limit");
  std::ofstream(dir.path() / "17_2.out") << "slurmstepd-node7: error: Detected 1 oom-kill event(s)\n";
  CHECK(queue.last_words(dir.path(), "17", 2) == "Detected 1 oom-kill event(s)");
  CHECK(queue.last_words(dir.path(), "17", 4).empty());
}
