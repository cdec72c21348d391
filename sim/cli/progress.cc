// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace gbsim::cli {

namespace {

using WallClock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(200);

double seconds_since(WallClock::time_point start) {
  return std::chrono::duration<double>(WallClock::now() - start).count();
}

std::string short_duration(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return whole >= 60 ? fmt::format("{}m{:02}s", whole / 60, whole % 60) : fmt::format("{}s", whole);
}

}  // namespace

ProgressLine::ProgressLine(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), started_(WallClock::now()), drawn_at_(started_) {}

Pace Pace::of(const RunProgress& progress, WallClock::time_point started) {
  const double wall = seconds_since(started);
  Pace pace;
  pace.simulated = static_cast<double>(progress.simulated.count()) * 1e-9;
  pace.simulated_per_second = pace.simulated / wall;
  pace.page_operations_per_second = static_cast<double>(progress.page_operations) / wall;
  pace.seconds_left = progress.fraction > 0 ? wall / progress.fraction - wall : 0;
  return pace;
}

std::string ProgressLine::text(const RunProgress& progress) const {
  const Pace pace = Pace::of(progress, started_);
  return fmt::format("{:3.0f}%  {:.0f} s simulated  {:.0f} simulated s/s  {:.1f} M page operations/s  {} left",
                     100 * progress.fraction, pace.simulated, pace.simulated_per_second,
                     pace.page_operations_per_second / 1e6, short_duration(pace.seconds_left));
}

void ProgressLine::show(const RunProgress& progress) {
  if (quiet_) {
    return;
  }
  if (terminal_) {
    if (WallClock::now() - drawn_at_ >= kRedraw) {
      drawn_at_ = WallClock::now();
      drawn_ = true;
      fmt::print(stderr, "\r{}\033[K", text(progress));
      std::fflush(stderr);
    }
    return;
  }
  if (progress.fraction * 10 >= next_tenth_) {
    next_tenth_ = static_cast<int>(progress.fraction * 10) + 1;
    fmt::print(stderr, "{}\n", text(progress));
  }
}

void ProgressLine::end() {
  if (drawn_) {
    fmt::print(stderr, "\n");
    drawn_ = false;
  }
}

}  // namespace gbsim::cli
