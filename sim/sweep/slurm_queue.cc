// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/slurm_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "sim/metrics/output_file.h"
#include "sim/sweep/command_output.h"
#include "sim/sweep/point_run.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kForgotten = "Invalid job id";  // squeue: the job ended more than MinJobAge ago

constexpr std::array<std::string_view, 2> kWaiting{"PENDING", "CONFIGURING"};
constexpr std::array<std::string_view, 3> kWithdrawn{"CANCELLED", "PREEMPTED", "REVOKED"};
constexpr std::array<std::string_view, 7> kEnded{"COMPLETED", "FAILED",   "TIMEOUT",     "OUT_OF_MEMORY",
                                                 "NODE_FAIL", "DEADLINE", "BOOT_FAIL"};

bool is_one_of(const auto& states, const std::string& state) {
  return std::ranges::find(states, state) != states.end();
}

std::string first_line(const CommandOutput& said) {
  const auto lines = lines_of(said.text);
  return lines.empty() ? fmt::format("exit status {}", said.status) : lines.front();
}

/** Lines "JOB_TASK|STATE" of sacct as "TASK STATE". */
std::vector<std::string> accounted(const std::string& job) {
  const CommandOutput said = output_of({"sacct", "-n", "-X", "-P", "-j", job, "-o", "JobID,State"});
  std::vector<std::string> result;
  for (const std::string& line : said.status == 0 ? lines_of(said.text) : std::vector<std::string>{}) {
    const std::size_t bar = line.find('|');
    const std::size_t underscore = line.find('_');
    if (bar != std::string::npos && underscore < bar) {
      result.push_back(line.substr(underscore + 1, bar - underscore - 1) + " " + line.substr(bar + 1));
    }
  }
  return result;
}

}  // namespace

std::string slurm_problem() {
  const CommandOutput said = output_of({"sbatch", "--version"});
  return said.status == 0 ? "" : first_line(said);
}

TaskPhase slurm_phase(const std::string& state) {
  if (is_one_of(kWaiting, state)) {
    return TaskPhase::waiting;
  }
  if (is_one_of(kWithdrawn, state)) {
    return TaskPhase::withdrawn;
  }
  return is_one_of(kEnded, state) ? TaskPhase::ended : TaskPhase::running;
}

std::vector<TaskStatus> slurm_statuses(const std::vector<std::string>& lines, std::size_t tasks) {
  std::vector<TaskStatus> result(tasks, TaskStatus{TaskPhase::ended, "no longer known to Slurm"});
  for (const std::string& line : lines) {
    std::istringstream words(line);
    std::size_t task = 0;
    std::string state;
    if (words >> task >> state && task < tasks) {
      result[task] = {slurm_phase(state), state};
    }
  }
  return result;
}

std::string SlurmQueue::submit(const fs::path& dir, const std::string& name, std::size_t tasks) {
  const fs::path home = fs::absolute(dir);
  const fs::path script = home / "task.sh";
  write_atomically(script, fmt::format("#!/bin/sh\nsh {}/$SLURM_ARRAY_TASK_ID.sh </dev/null\nexit 0\n",
                                       shell_line({home.string()})));
  std::string range = fmt::format("--array=0-{}", tasks - 1);
  range += options_.at_once ? fmt::format("%{}", *options_.at_once) : "";
  std::vector<std::string> words{"sbatch", "--parsable", "--job-name=" + name, range,
                                 "--output=" + (home / "%A_%a.out").string()};
  words.insert(words.end(), options_.sbatch_words.begin(), options_.sbatch_words.end());
  words.push_back(script.string());
  const CommandOutput said = output_of(words);
  const auto lines = lines_of(said.text);
  if (said.status != 0 || lines.empty()) {
    throw QueueError(first_line(said));
  }
  return lines.back().substr(0, lines.back().find(';'));  // warnings come first; ID;CLUSTER
}

std::optional<std::string> SlurmQueue::find(const std::string& name) {
  const CommandOutput said = output_of({"squeue", "-h", "--name=" + name, "-o", "%F"});
  if (said.status != 0) {
    throw QueueError(first_line(said));
  }
  const auto lines = lines_of(said.text);
  return lines.empty() ? std::nullopt : std::optional(lines.front());
}

std::optional<std::vector<TaskStatus>> SlurmQueue::look(const std::string& job, std::size_t tasks) {
  const CommandOutput said = output_of({"squeue", "-h", "-r", "-t", "all", "-j", job, "-o", "%K %T"});
  if (said.status == 0 && !said.text.empty()) {
    return slurm_statuses(lines_of(said.text), tasks);
  }
  if (said.status == 0 || said.text.find(kForgotten) != std::string::npos) {
    return slurm_statuses(accounted(job), tasks);
  }
  return std::nullopt;
}

std::string SlurmQueue::last_words(const fs::path& dir, const std::string& job, std::size_t task) {
  constexpr std::string_view kSpeaker = "slurmstepd";  // "slurmstepd: error: WORDS", or with "-HOST"
  constexpr std::string_view kError = ": error: ";
  std::ifstream stream(dir / fmt::format("{}_{}.out", job, task));
  std::string words;
  for (std::string line; std::getline(stream, line);) {
    const std::size_t error = line.find(kError);
    const bool heard = line.starts_with(kSpeaker) && error != std::string::npos;
    words = heard ? line.substr(error + kError.size()) : words;
  }
  return words;
}

}  // namespace gbsim
