// SPDX-License-Identifier: GPL-2.0-or-later
// Apart from terminal.cc, with <term.h> last: it makes macros of everyday words.
#include "sim/watch/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

namespace gbsim {
namespace {

std::string terminal_type() {
  const char* type = std::getenv("TERM");
  return type != nullptr ? type : "";
}

}  // namespace

std::optional<std::string> terminal_problem() {
  for (const auto& [fd, name] : {std::pair{STDIN_FILENO, "input"}, std::pair{STDERR_FILENO, "error"}}) {
    if (isatty(fd) == 0) {
      return fmt::format("standard {} is no terminal", name);
    }
  }
  int found = 0;
  if (setupterm(nullptr, STDERR_FILENO, &found) != OK) {
    return fmt::format("terminal type '{}' is unknown; set TERM to one that terminfo has", terminal_type());
  }
  const bool moves = tigetstr("cup") != nullptr;
  del_curterm(set_curterm(nullptr));
  return moves ? std::nullopt
               : std::optional(fmt::format("terminal type '{}' cannot place text; set TERM to one that can",
                                           terminal_type()));
}

}  // namespace gbsim
