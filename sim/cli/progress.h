// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "sim/cli/progress_display.h"

namespace gbsim::cli {

/**
 * Progress on standard error: on a terminal one line that is redrawn, otherwise a line every ten percent.
 * Wall time is read here and nowhere that results come from.
 */
class ProgressLine final : public ProgressDisplay {
 public:
  explicit ProgressLine(bool quiet);
  void show(const RunProgress& progress) override;
  void end() override;

 private:
  std::string text(const RunProgress& progress) const;

  bool quiet_;
  bool terminal_;
  int next_tenth_ = 1;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_at_;
};

}  // namespace gbsim::cli
