// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/progress_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace gbsim {
namespace {

using WallClock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(200);

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole >= 3600) {
    return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  }
  return whole >= 60 ? fmt::format("{}m{:02}s", whole / 60, whole % 60) : fmt::format("{}s", whole);
}

std::string progress_text(const RunCounts& counts, double seconds) {
  std::string text = fmt::format("{}/{} runs done, {} running, {} failed", counts.done, counts.total, counts.running,
                                 counts.failed);
  const std::size_t here = counts.done - counts.known;
  if (here > 0 && counts.total > counts.done) {
    const double each = seconds / static_cast<double>(here);
    text += fmt::format(", {} left", duration_text(each * static_cast<double>(counts.total - counts.done)));
  }
  return text;
}

ProgressDisplay::ProgressDisplay(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), started_(WallClock::now()) {}

double ProgressDisplay::seconds() const {
  return std::chrono::duration<double>(WallClock::now() - started_).count();
}

void ProgressDisplay::show(const RunCounts& counts) {
  if (quiet_ || counts.total == 0) {
    return;
  }
  if (terminal_) {
    if (WallClock::now() - drawn_at_ >= kRedraw) {
      drawn_at_ = WallClock::now();
      drawn_ = true;
      fmt::print(stderr, "\r{}\033[K", progress_text(counts, seconds()));
      std::fflush(stderr);
    }
    return;
  }
  if (counts.done * 10 >= next_tenth_ * counts.total) {
    next_tenth_ = counts.done * 10 / counts.total + 1;
    fmt::print(stderr, "{}\n", progress_text(counts, seconds()));
  }
}

void ProgressDisplay::end() {
  if (drawn_) {
    fmt::print(stderr, "\n");
    drawn_ = false;
  }
}

}  // namespace gbsim
