// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim::cli {

/** Exit statuses that scripts may rely on. */
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,        // an invariant broke, the disk was full
  kBadInput = 2,      // usage, or a file with errors
  kBoundBroken = 3,   // it ran, and a stated bound did not hold
  kInterrupted = 130, // SIGINT; SIGTERM gives 143
};

/** Exit status of a command that @signal ended. */
constexpr int interrupted_by(int signal) { return 128 + signal; }

/** The command line itself is wrong; the message says what is allowed. */
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Arguments = std::span<const std::string>;

/** One subcommand of gbsim. run() gets the words after the command's name. */
struct Command {
  std::string_view name;
  std::string_view synopsis;
  std::string_view purpose;
  int (*run)(Arguments arguments);
};

/** All commands, in the order that --help prints them. */
std::span<const Command> commands();

}  // namespace gbsim::cli
