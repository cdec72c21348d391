// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/progress_display.h"

#include <fmt/format.h>

namespace gbsim {

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

void ProgressDisplay::show(const RunCounts& counts) {
  if (counts.total != 0) {
    line_.show(static_cast<double>(counts.done) / static_cast<double>(counts.total),
               [&] { return progress_text(counts, line_.seconds()); });
  }
}

}  // namespace gbsim
