// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "sim/base/params.h"
#include "sim/cli/command.h"
#include "sim/recording/byte_source.h"

namespace gbsim::cli {
namespace {

constexpr std::string_view kVersion = GBSIM_VERSION;

void print_help() {
  fmt::print("gbsim {}: a page-exact simulator of Linux's physical page allocator\n\n", kVersion);
  fmt::print("usage: gbsim COMMAND [arguments]\n\ncommands:\n");
  for (const Command& command : commands()) {
    fmt::print("  {:<11} {:<32} {}\n", command.name, command.synopsis, command.purpose);
  }
  fmt::print("\n  test        [CTest arguments]                run the test suite (through the launcher)\n");
  fmt::print("\nStart with: gbsim run configs/quickstart.yaml\n'gbsim COMMAND --help' lists a command's options.\n");
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name) {
      return &command;
    }
  }
  return nullptr;
}

std::string unknown_command(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Command& command : commands()) {
    known.push_back(command.name);
  }
  const std::string_view nearest = nearest_name(name, known);
  return fmt::format("unknown command '{}';{} 'gbsim --help' lists all", name,
                     nearest.empty() ? "" : fmt::format(" did you mean '{}'?", nearest));
}

int dispatch(std::vector<std::string> words) {
  if (words.size() == 2 && words[0] == "help") {
    words = {words[1], "--help"};
  }
  if (words.empty()) {
    print_help();
    return kBadInput;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_help();
    return kDone;
  }
  if (words[0] == "--version") {
    fmt::print("gbsim {}\n", kVersion);
    return kDone;
  }
  const Command* command = find_command(words[0]);
  if (command == nullptr) {
    throw UsageError(unknown_command(words[0]));
  }
  return command->run(Arguments(words).subspan(1));
}

int guarded(const std::vector<std::string>& words) {
  try {
    return dispatch(words);
  } catch (const UsageError& error) {
    std::cerr << "gbsim: error: " << error.what() << '\n';
    return kBadInput;
  } catch (const BadRecording& bad) {
    std::cerr << bad.what() << '\n';
    return kBadInput;
  } catch (const std::exception& error) {
    std::cerr << "gbsim: failed: " << error.what() << '\n';
    return kFailed;
  }
}

/** What was printed may be all that a command makes. */
int after_printing(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
    return status;
  }
  std::cerr << "gbsim: failed: what it prints could not be written: " << std::strerror(errno) << '\n';
  return status == kDone ? kFailed : status;
}

}  // namespace
}  // namespace gbsim::cli

int main(int argc, char** argv) {
  return gbsim::cli::after_printing(gbsim::cli::guarded({argv + 1, argv + argc}));
}
