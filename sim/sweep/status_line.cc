// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/status_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace gbsim {

StatusLine::StatusLine(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

double StatusLine::seconds() const { return std::chrono::duration<double>(WallClock::now() - started_).count(); }

bool StatusLine::is_due(double share) {
  constexpr auto kRedraw = std::chrono::milliseconds(200);
  if (quiet_) {
    return false;
  }
  if (terminal_) {
    return WallClock::now() - drawn_at_ >= kRedraw;
  }
  constexpr double kRounding = 1e-9;  // of a tenth: 7 of 10 may be a little less
  const int tenth = static_cast<int>(share * 10 + kRounding);
  const bool is_next = tenth >= next_tenth_;
  next_tenth_ = is_next ? tenth + 1 : next_tenth_;
  return is_next;
}

void StatusLine::print(std::string_view text) {
  if (!terminal_) {
    fmt::print(stderr, "{}\n", text);
    return;
  }
  drawn_at_ = WallClock::now();
  drawn_ = true;
  fmt::print(stderr, "\r{}\033[K", text);
  std::fflush(stderr);
}

void StatusLine::end() {
  if (std::exchange(drawn_, false)) {
    fmt::print(stderr, "\n");
  }
}

}  // namespace gbsim
