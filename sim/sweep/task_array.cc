// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/task_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/metrics/output_file.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

/** Who ends a task may reach the shell last: it must not begin the next run when one was stopped or killed. */
constexpr std::string_view kPointFunction = "point() { \"$@\"; [ $? -lt 128 ] || exit; }\n";

/** FNV-1a: equal on every machine and in every version of this program. */
std::uint32_t hash_of(const std::string& text) {
  std::uint32_t hash = 2166136261;
  for (const unsigned char c : text) {
    hash = (hash ^ c) * 16777619;
  }
  return hash;
}

}  // namespace

std::vector<std::vector<PointRun>> divide(const std::vector<PointRun>& runs, const TaskDivision& division) {
  const std::size_t fewest = (runs.size() + division.most_tasks - 1) / division.most_tasks;
  const std::size_t length = std::max({fewest, division.runs_per_task, std::size_t{1}});
  std::vector<std::vector<PointRun>> tasks;
  for (const PointRun& run : runs) {
    if (tasks.empty() || tasks.back().size() == length) {
      tasks.emplace_back();
    }
    tasks.back().push_back(run);
  }
  return tasks;
}

std::string job_name(const fs::path& dir) {
  return fmt::format("gbsim-{:08x}", hash_of(fs::weakly_canonical(dir).string()));
}

std::vector<std::string> task_scripts(const std::vector<std::vector<PointRun>>& tasks, const fs::path& gbsim,
                                      const RunLimits& limits) {
  std::vector<std::string> scripts;
  for (const std::vector<PointRun>& task : tasks) {
    std::string& script = scripts.emplace_back(kPointFunction);
    for (const PointRun& run : task) {
      script += "point " + shell_line(point_command(gbsim, run, limits)) + "\n";
    }
  }
  return scripts;
}

void save(const TaskArray& array, const fs::path& file) {
  auto tasks = nlohmann::ordered_json::array();
  for (const std::vector<fs::path>& task : array.tasks) {
    std::vector<std::string> dirs;
    std::ranges::transform(task, std::back_inserter(dirs), [](const fs::path& dir) { return dir.string(); });
    tasks.push_back(dirs);
  }
  const nlohmann::ordered_json json{{"name", array.name}, {"job", array.job}, {"tasks", std::move(tasks)}};
  write_atomically(file, json.dump(1) + "\n");
}

std::optional<TaskArray> load_array(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) {
    return std::nullopt;
  }
  try {
    const auto json = nlohmann::json::parse(stream);
    TaskArray array{.name = json.at("name"), .job = json.at("job")};
    for (const auto& task : json.at("tasks")) {
      const auto dirs = task.get<std::vector<std::string>>();
      array.tasks.emplace_back(dirs.begin(), dirs.end());
    }
    return array;
  } catch (const nlohmann::json::exception& error) {
    throw OutputError(fmt::format("{}: {}; remove it if the job is gone", file.string(), error.what()));
  }
}

}  // namespace gbsim
