// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/status_line.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>

using namespace gbsim;

namespace {

/** Standard error goes nowhere, and to no terminal, as long as it lives. */
class NoTerminal {
 public:
  NoTerminal() : kept_(dup(STDERR_FILENO)) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  ~NoTerminal() {
    dup2(kept_, STDERR_FILENO);
    close(kept_);
  }

 private:
  int kept_;
};

int lines_of(StatusLine& line, int steps) {
  int lines = 0;
  for (int step = 1; step <= steps; ++step) {
    line.show(static_cast<double>(step) / steps, [&] { return std::to_string(++lines); });
  }
  return lines;
}

}  // namespace

TEST_CASE("where there is no terminal a line is shown every ten percent, however many steps there are") {
  const NoTerminal nowhere;
  for (const int steps : {10, 30, 1000}) {
    StatusLine line(false);
    CHECK(lines_of(line, steps) == 10);
  }
  StatusLine few(false);
  CHECK(lines_of(few, 3) == 3);
}

TEST_CASE("a quiet line is not even asked for its text") {
  StatusLine line(true);
  CHECK(lines_of(line, 10) == 0);
}
