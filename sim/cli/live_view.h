// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/cli/progress.h"
#include "sim/watch/screen.h"
#include "sim/watch/terminal.h"

namespace gbsim::cli {

/** `run --watch`: the run on the whole terminal until it ends or q is pressed, then the ordinary progress line. */
class LiveView final : public ProgressDisplay {
 public:
  /** Takes the terminal. @title names the run. */
  explicit LiveView(std::string title);

  void show(const RunProgress& progress) override;
  void end() override;
  bool wants_glimpse() override;
  void glimpse(const Sample& sample) override;

 private:
  /** What shares of CPU are counted from. */
  struct Mark {
    Ns time{0};
    CpuTimes cpu{};
  };

  CpuShares shares_until(const Sample& sample);

  std::string title_;
  ProgressLine line_;
  std::unique_ptr<Terminal> terminal_;
  RunProgress progress_{};
  std::optional<Mark> mark_{};
  std::chrono::steady_clock::time_point started_;
  std::optional<std::chrono::steady_clock::time_point> drawn_at_{};
  std::optional<std::chrono::steady_clock::time_point> keys_at_{};
};

}  // namespace gbsim::cli
