// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/point_run.h"

namespace gbsim {

/** Runs handed to a scheduler as one job: each task does some of them, one after the other. */
struct TaskArray {
  std::string name;  // of the job: the same for a directory, whoever asks
  std::string job;   // the scheduler's id; empty if it is not known whether the job was submitted
  std::vector<std::vector<std::filesystem::path>> tasks{};  // runs by their directories in the sweep's
};

/** How runs become tasks. */
struct TaskDivision {
  std::size_t runs_per_task = 4;
  std::size_t most_tasks = 1000;  // Slurm's MaxArraySize is 1001 unless configured; tasks get longer instead
};

/** @runs in their order, shared out to tasks. */
std::vector<std::vector<PointRun>> divide(const std::vector<PointRun>& runs, const TaskDivision& division);

/** A job's name that belongs to the directory @dir. */
std::string job_name(const std::filesystem::path& dir);

/** A file a task: the commands of its runs, lines for a POSIX shell. */
std::vector<std::string> task_scripts(const std::vector<std::vector<PointRun>>& tasks,
                                      const std::filesystem::path& gbsim, const RunLimits& limits);

/** Keeps @array in @file, atomically. Throws OutputError. */
void save(const TaskArray& array, const std::filesystem::path& file);
/** nullopt if there is no such file. Throws OutputError if it is damaged. */
std::optional<TaskArray> load_array(const std::filesystem::path& file);

}  // namespace gbsim
