// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/terminal.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

using namespace gbsim;

namespace {

/** Not so where /dev/pts is not mounted, as in a bare chroot. */
bool has_terminals() {
  int master = -1;
  int slave = -1;
  if (openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) {
    MESSAGE("skipped: pseudo-terminals cannot be had");
    return false;
  }
  close(master);
  close(slave);
  return true;
}

/** What terminal_problem() says in a child on a terminal of @type: 0 nothing, 1 something. */
int problem_on(const char* type) {
  int master = -1;
  const pid_t child = forkpty(&master, nullptr, nullptr, nullptr);
  if (child == 0) {
    setenv("TERM", type, 1);
    _exit(terminal_problem() ? 1 : 0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  close(master);
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a terminal that can place text will do") {
  if (has_terminals()) {
    CHECK(problem_on("xterm-256color") == 0);
    CHECK(problem_on("vt100") == 0);
  }
}

TEST_CASE("unknown terminals and those that only print are refused") {
  if (has_terminals()) {
    CHECK(problem_on("no-such-terminal") == 1);
    CHECK(problem_on("dumb") == 1);
  }
}

TEST_CASE("a file is no terminal") {
  const int saved = dup(STDIN_FILENO);
  const int file = open("/dev/null", O_RDWR);
  dup2(file, STDIN_FILENO);
  CHECK(terminal_problem() == "standard input is no terminal");
  dup2(saved, STDIN_FILENO);
  close(saved);
  close(file);
}
