// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "sim/cli/progress_display.h"
#include "sim/sweep/status_line.h"

namespace gbsim::cli {

/** How far a run is, as a status line with its speeds. */
class ProgressLine final : public ProgressDisplay {
 public:
  explicit ProgressLine(bool quiet) : line_(quiet), started_(std::chrono::steady_clock::now()) {}
  void show(const RunProgress& progress) override;
  void end() override { line_.end(); }

 private:
  std::string text(const RunProgress& progress) const;

  StatusLine line_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace gbsim::cli
