// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison_set.h"

namespace gbsim {

std::optional<PointRun> ComparisonSet::next() {
  for (Comparison& comparison : comparisons_) {
    if (auto run = comparison.next()) {
      owners_[run->dir] = &comparison;
      return run;
    }
  }
  return std::nullopt;
}

void ComparisonSet::ended(const PointRun& run, const RunOutcome& outcome) {
  owners_.at(run.dir)->ended(run, outcome);
}

std::size_t ComparisonSet::sum(std::size_t (Comparison::*count)() const) const {
  std::size_t result = 0;
  for (const Comparison& comparison : comparisons_) {
    result += (comparison.*count)();
  }
  return result;
}

}  // namespace gbsim
