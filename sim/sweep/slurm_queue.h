// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/task_queue.h"

namespace gbsim {

/** How job arrays are submitted. Output of task N of job J goes to J_N.out beside its script. */
struct SlurmOptions {
  std::optional<unsigned> at_once{};       // tasks that may run at a time
  std::vector<std::string> sbatch_words{};  // further options of sbatch, such as --partition=long
};

/** Slurm's job arrays, through its own programs: sbatch, squeue, and sacct for jobs that squeue has forgotten. */
class SlurmQueue final : public TaskQueue {
 public:
  explicit SlurmQueue(SlurmOptions options) : options_(std::move(options)) {}

  std::string submit(const std::filesystem::path& dir, const std::string& name, std::size_t tasks) override;
  std::optional<std::string> find(const std::string& name) override;
  std::optional<std::vector<TaskStatus>> look(const std::string& job, std::size_t tasks) override;
  std::string last_words(const std::filesystem::path& dir, const std::string& job, std::size_t task) override;

 private:
  SlurmOptions options_;
};

/** Why Slurm cannot be used here; empty if it can. */
std::string slurm_problem();

/** A Slurm job state, such as OUT_OF_MEMORY, as a phase. */
TaskPhase slurm_phase(const std::string& state);

/**
 * The status of @tasks tasks from lines "NUMBER STATE", as squeue or sacct print them; further words are ignored. A
 * task that no line names has ended, and its state is not known any more.
 */
std::vector<TaskStatus> slurm_statuses(const std::vector<std::string>& lines, std::size_t tasks);

}  // namespace gbsim
