// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace gbsim {

/** What a program said, on both outputs, and its exit status; 127 if there is no such program. */
struct CommandOutput {
  int status = 0;
  std::string text;
};

/** Runs the program of @words to its end. Throws std::system_error if no process can be made. */
CommandOutput output_of(const std::vector<std::string>& words);

/** The non-empty lines of @text. */
std::vector<std::string> lines_of(const std::string& text);

}  // namespace gbsim
