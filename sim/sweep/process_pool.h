// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gbsim {

/** One program to run. */
struct ProcessJob {
  std::size_t id = 0;  // the caller's
  std::vector<std::string> command;
  bool itself = false;  // runs this very program, whatever command[0] says and even if its file has been replaced
  std::filesystem::path log;                        // gets both outputs
  std::optional<std::chrono::nanoseconds> timeout;  // of wall time
  std::uint64_t memory_estimate = 0;                // bytes set aside while it runs
  std::uint64_t memory_limit = 0;                   // resident bytes that end it; 0: none
};

/** Why a program ended. */
enum class ProcessFate : std::uint8_t { exited, signalled, timed_out, over_memory_limit, oom_killed };

/** How a job ended. */
struct ProcessEnd {
  std::size_t id = 0;
  ProcessFate fate = ProcessFate::exited;
  int code = 0;  // exit status, or the signal
};

/** How much may run at once. */
struct PoolLimits {
  unsigned jobs = 1;
  std::uint64_t memory = 0;  // bytes of all estimates together; 0: no limit
};

/**
 * Runs programs side by side, each in a process group of its own that dies with this process, even if that is killed.
 * Single-threaded: everything happens within start() and wait().
 */
class ProcessPool {
 public:
  explicit ProcessPool(PoolLimits limits) : limits_(limits) {}
  ~ProcessPool() { kill_all(); }
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  /** Whether a job with @memory_estimate may start. A job alone may always: it could never start otherwise. */
  bool has_room(std::uint64_t memory_estimate) const;
  /** Throws std::system_error if no process can be made. */
  void start(const ProcessJob& job);
  std::size_t running() const { return running_.size(); }
  /** Waits until a job ends, at most @patience; enforces time and memory limits meanwhile. Returns early on signals. */
  std::optional<ProcessEnd> wait(std::chrono::milliseconds patience);
  /** Ends everything at once and forgets it. */
  void kill_all();

 private:
  using WallClock = std::chrono::steady_clock;

  /** A started job; the descriptor becomes readable when the process ends. */
  struct Running {
    std::size_t id;
    pid_t pid;
    int descriptor;
    std::optional<WallClock::time_point> deadline;
    std::uint64_t memory_estimate;
    std::uint64_t memory_limit;
    std::uint64_t oom_kills_before;
    std::optional<ProcessFate> killed_for{};
  };

  std::chrono::milliseconds until_next_deadline(std::chrono::milliseconds most) const;
  void enforce_limits();
  std::optional<ProcessEnd> reap();

  PoolLimits limits_;
  std::vector<Running> running_;
};

}  // namespace gbsim
