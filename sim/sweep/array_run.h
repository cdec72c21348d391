// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/sweep/batch.h"
#include "sim/sweep/task_array.h"
#include "sim/sweep/task_queue.h"

namespace gbsim {

/** How runs are done through a scheduler. */
struct ArrayOptions {
  std::filesystem::path gbsim;
  std::filesystem::path dir;  // of the sweep; "slurm" in it holds what the job needs and what is known of it
  RunLimits limits{};
  TaskDivision division{};
  std::chrono::milliseconds poll{2000};    // between questions to the scheduler
  std::chrono::milliseconds patience{5000};  // for files of a task that ended, on file systems that show them late
};

/** Where the job that is under way is kept, in the directory @sweep. It is gone when all of it has been collected. */
std::filesystem::path array_file(const std::filesystem::path& sweep);

/** The job of the directory @sweep that still waits or runs, as far as @queue can tell. Throws QueueError. */
std::optional<std::string> job_under_way(const std::filesystem::path& sweep, TaskQueue& queue);

/**
 * Runs everything that @source gives as job arrays of @queue, one at a time, and collects how runs ended. A job that an
 * earlier program submitted for the same directory is collected first. Returns the signal that interrupted it, or
 * 0; the job goes on without this program. Runs that a task did not come to go into the next job.
 * Throws QueueError if a job is refused, cancelled, or ends without doing anything.
 */
int run_arrays(RunSource& source, TaskQueue& queue, const ArrayOptions& options, BatchWatcher& watcher);

/** The outcome of a run whose task a scheduler ended with @state, leaving @last_words. */
std::string task_outcome(const std::string& state, const std::string& last_words);

}  // namespace gbsim
