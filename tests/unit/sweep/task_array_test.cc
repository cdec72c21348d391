// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/task_array.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "sim/metrics/output_file.h"
#include "sim/sweep/command_output.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

namespace {

std::vector<PointRun> runs(std::size_t count) {
  std::vector<PointRun> result;
  for (std::size_t i = 1; i <= count; ++i) {
    result.push_back({.scenario = "/s/base.yaml", .dir = "/s/points/" + std::to_string(i), .seed = i});
  }
  return result;
}

std::vector<std::size_t> lengths(const std::vector<std::vector<PointRun>>& tasks) {
  std::vector<std::size_t> result;
  for (const auto& task : tasks) {
    result.push_back(task.size());
  }
  return result;
}

}  // namespace

TEST_CASE("runs are shared out in their order, and tasks grow where there would be too many") {
  CHECK(lengths(divide(runs(10), {.runs_per_task = 4, .most_tasks = 1000})) == std::vector<std::size_t>{4, 4, 2});
  CHECK(lengths(divide(runs(10), {.runs_per_task = 1, .most_tasks = 3})) == std::vector<std::size_t>{4, 4, 2});
  CHECK(divide({}, {}).empty());
  CHECK(divide(runs(3), {.runs_per_task = 2, .most_tasks = 9})[1][0].seed == 3);
}

TEST_CASE("a task is a shell script with a line a run") {
  const auto scripts = task_scripts(divide(runs(3), {.runs_per_task = 2, .most_tasks = 9}), "/bin/gbsim", {});
  REQUIRE(scripts.size() == 2);
  CHECK(scripts[1].ends_with("\npoint /bin/gbsim point /s/base.yaml --seed 3 -o /s/points/3\n"));
}

TEST_CASE("a task goes on after a run that failed, but not after one that was killed") {
  const auto begun_after = [](const std::string& end) {
    const TempDir dir;
    const auto program = dir.path() / "gbsim";
    std::ofstream(program) << "#!/bin/sh\necho begun\n" << end << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    std::ofstream(dir.path() / "task.sh") << task_scripts({runs(3)}, program, {}).front();
    return std::ranges::count(lines_of(output_of({"sh", (dir.path() / "task.sh").string()}).text), "begun");
  };
  CHECK(begun_after("exit 1") == 3);
  CHECK(begun_after("kill -9 $$") == 1);
  CHECK(begun_after("exit 143") == 1);
}

TEST_CASE("an array is read back as it was kept") {
  const TempDir dir;
  const auto file = dir.path() / "array.json";
  CHECK(!load_array(file));
  save({.name = "gbsim-1", .job = "17", .tasks = {{"points/1", "points/2"}, {"points/3"}}}, file);
  const auto array = load_array(file);
  REQUIRE(array);
  CHECK(array->name == "gbsim-1");
  CHECK(array->job == "17");
  CHECK(array->tasks == std::vector<std::vector<std::filesystem::path>>{{"points/1", "points/2"}, {"points/3"}});
  std::ofstream(file) << "{";
  CHECK_THROWS_AS(load_array(file), OutputError);
}

TEST_CASE("a directory has one job name, however it is spelt") {
  CHECK(job_name("a/../a") == job_name("a"));
  CHECK(job_name("a") != job_name("b"));
}
