// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/progress.h"

#include <fmt/format.h>

#include "sim/sweep/progress_display.h"

namespace gbsim::cli {

namespace {

using WallClock = std::chrono::steady_clock;

double seconds_since(WallClock::time_point start) {
  return std::chrono::duration<double>(WallClock::now() - start).count();
}

}  // namespace

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
                     pace.page_operations_per_second / 1e6, duration_text(pace.seconds_left));
}

void ProgressLine::show(const RunProgress& progress) {
  line_.show(progress.fraction, [&] { return text(progress); });
}

}  // namespace gbsim::cli
