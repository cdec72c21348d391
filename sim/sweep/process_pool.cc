// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/process_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <numeric>
#include <system_error>

#include "sim/sweep/host_memory.h"

namespace gbsim {
namespace {

constexpr int kNotStarted = 127;

/** The kernel's OOM killer is to choose runs, which are recorded, before the program that records them. */
void offer_to_oom_killer() {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    [[maybe_unused]] const ssize_t written = write(file, "500", 3);
    close(file);
  }
}

/** Holds back what asks a program to stop, while it lives: a child that is not yet its own program must not miss it. */
class StopSignalsHeld {
 public:
  StopSignalsHeld() {
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigprocmask(SIG_BLOCK, &stops, &before_);
  }
  ~StopSignalsHeld() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  StopSignalsHeld(const StopSignalsHeld&) = delete;
  StopSignalsHeld& operator=(const StopSignalsHeld&) = delete;

  /** In the child: stop signals end it from now on, also those that came meanwhile. */
  void end_child_by_them() const {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t before_{};
};

void redirect_output(const std::filesystem::path& log) {
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(file >= 0 ? file : nothing, STDOUT_FILENO);
  dup2(file >= 0 ? file : nothing, STDERR_FILENO);
}

/** In the child: the program replaces this process, or it exits. */
[[noreturn]] void become(const ProcessJob& job, std::vector<char*>& words, pid_t parent, const StopSignalsHeld& held) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(kNotStarted);
  }
  offer_to_oom_killer();
  redirect_output(job.log);
  held.end_child_by_them();
  execvp(job.itself ? "/proc/self/exe" : words.front(), words.data());
  _exit(kNotStarted);
}

std::vector<char*> words_of(const ProcessJob& job) {
  std::vector<char*> words;
  for (const std::string& word : job.command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  return words;
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

bool ProcessPool::has_room(std::uint64_t memory_estimate) const {
  if (running_.empty()) {
    return true;
  }
  const auto add = [](std::uint64_t sum, const Running& each) { return sum + each.memory_estimate; };
  const std::uint64_t reserved = std::accumulate(running_.begin(), running_.end(), memory_estimate, add);
  return running_.size() < limits_.jobs && (limits_.memory == 0 || reserved <= limits_.memory);
}

void ProcessPool::start(const ProcessJob& job) {
  std::vector<char*> words = words_of(job);
  const pid_t self = getpid();
  const std::uint64_t oom_before = oom_kills();
  const StopSignalsHeld held;
  const pid_t child = fork();
  if (child == 0) {
    become(job, words, self, held);
  }
  if (child < 0) {
    fail("cannot start a process");
  }
  setpgid(child, child);
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (descriptor < 0) {
    fail("pidfd_open");
  }
  const auto deadline = job.timeout ? std::optional(WallClock::now() + *job.timeout) : std::nullopt;
  running_.push_back({job.id, child, descriptor, deadline, job.memory_estimate, job.memory_limit, oom_before});
}

void ProcessPool::enforce_limits() {
  for (Running& each : running_) {
    if (each.killed_for) {
      continue;
    }
    if (each.deadline && WallClock::now() >= *each.deadline) {
      each.killed_for = ProcessFate::timed_out;
    } else if (each.memory_limit != 0 && resident_memory(each.pid) > each.memory_limit) {
      each.killed_for = ProcessFate::over_memory_limit;
    }
    if (each.killed_for) {
      kill(-each.pid, SIGKILL);
    }
  }
}

std::optional<ProcessEnd> ProcessPool::reap() {
  int status = 0;
  const auto has_ended = [&](const Running& each) { return waitpid(each.pid, &status, WNOHANG) == each.pid; };
  const auto ended = std::ranges::find_if(running_, has_ended);
  if (ended == running_.end()) {
    return std::nullopt;
  }
  ProcessEnd end{.id = ended->id, .fate = ProcessFate::exited, .code = WEXITSTATUS(status)};
  if (WIFSIGNALED(status)) {
    end.code = WTERMSIG(status);
    const bool by_kernel = end.code == SIGKILL && oom_kills() > ended->oom_kills_before;
    end.fate = ended->killed_for.value_or(by_kernel ? ProcessFate::oom_killed : ProcessFate::signalled);
  }
  close(ended->descriptor);
  running_.erase(ended);
  return end;
}

std::chrono::milliseconds ProcessPool::until_next_deadline(std::chrono::milliseconds most) const {
  for (const Running& each : running_) {
    if (each.deadline && !each.killed_for) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*each.deadline - WallClock::now());
      most = std::clamp(left, std::chrono::milliseconds(0), most);
    }
  }
  return most;
}

std::optional<ProcessEnd> ProcessPool::wait(std::chrono::milliseconds patience) {
  if (auto end = reap()) {
    return end;
  }
  std::vector<pollfd> descriptors;
  for (const Running& each : running_) {
    descriptors.push_back({each.descriptor, POLLIN, 0});
  }
  poll(descriptors.data(), descriptors.size(), static_cast<int>(until_next_deadline(patience).count()));
  enforce_limits();
  return reap();
}

void ProcessPool::kill_all() {
  for (const Running& each : running_) {
    kill(-each.pid, SIGKILL);
  }
  for (const Running& each : running_) {
    waitpid(each.pid, nullptr, 0);
    close(each.descriptor);
  }
  running_.clear();
}

}  // namespace gbsim
