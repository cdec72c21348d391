// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/types.h"

namespace gbsim {

/**
 * Keeps a trace within its size, spread over the whole run: after each hundredth of the run the trace may have used
 * as many hundredths of its bytes. Unused bytes stay for later.
 */
class TraceBudget {
 public:
  /** @bytes for a run of @duration. */
  TraceBudget(std::uint64_t bytes, Ns duration) : bytes_(bytes), step_(std::max(duration / kSteps, Ns{1})) {}

  /** True, and the bytes are spent, if @bytes at @time fit. */
  bool spend(Ns time, std::uint64_t bytes) {
    const auto steps = static_cast<std::uint64_t>(std::clamp<std::int64_t>(time / step_ + 1, 1, kSteps));
    if (spent_ + bytes > bytes_ / kSteps * steps) {
      return false;
    }
    spent_ += bytes;
    return true;
  }
  /** What balances an earlier record is written whatever is left. */
  void overdraw(std::uint64_t bytes) { spent_ += bytes; }

 private:
  static constexpr std::int64_t kSteps = 100;

  std::uint64_t bytes_;
  Ns step_;
  std::uint64_t spent_ = 0;
};

}  // namespace gbsim
