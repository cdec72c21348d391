// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace gbsim {

/** A scheduler refused, or did not do, what was asked; the message has its own words. */
class QueueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** How far a task is. Withdrawn: it ended for reasons that are not its own, such as scancel or preemption. */
enum class TaskPhase : std::uint8_t { waiting, running, ended, withdrawn };

/** What a scheduler says of a task. */
struct TaskStatus {
  TaskPhase phase = TaskPhase::waiting;
  std::string state{};  // the scheduler's word, such as TIMEOUT
};

/** A scheduler of arrays of tasks, numbered from 0. */
class TaskQueue {
 public:
  virtual ~TaskQueue() = default;
  /** Submits the job @name: task N of @tasks does the shell script "N.sh" of @dir. Gives its id. Throws QueueError. */
  virtual std::string submit(const std::filesystem::path& dir, const std::string& name, std::size_t tasks) = 0;
  /** The id of the job called @name that waits or runs. Throws QueueError. */
  virtual std::optional<std::string> find(const std::string& name) = 0;
  /** The status of each of the @tasks tasks of @job; nullopt while the scheduler does not answer. */
  virtual std::optional<std::vector<TaskStatus>> look(const std::string& job, std::size_t tasks) = 0;
  /** What the scheduler wrote into the output of a task of the job in @dir that it ended; empty if nothing. */
  virtual std::string last_words(const std::filesystem::path& dir, const std::string& job, std::size_t task) = 0;
};

}  // namespace gbsim
