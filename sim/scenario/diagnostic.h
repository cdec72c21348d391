// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace gbsim {

/** A place in a file, counted from 1; zero if the file as a whole is meant. */
struct Mark {
  int line = 0;
  int column = 0;

  auto operator<=>(const Mark&) const = default;
};

/** One error in an input file or a command-line override. */
struct Diagnostic {
  std::string file;
  Mark at{};
  std::string message;

  auto operator<=>(const Diagnostic&) const = default;
};

/** "FILE:LINE:COLUMN: error: MESSAGE", without the places that are zero. */
std::string to_string(const Diagnostic& diagnostic);

using Diagnostics = std::vector<Diagnostic>;

}  // namespace gbsim
