// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sim/sweep/comparison.h"

namespace gbsim {

/** Several comparisons as one batch: the runs of the first are started first. They outlive this. */
class ComparisonSet final : public RunSource {
 public:
  explicit ComparisonSet(std::span<Comparison> comparisons) : comparisons_(comparisons) {}

  std::optional<PointRun> next() override;
  void ended(const PointRun& run, const RunOutcome& outcome) override;

  std::size_t total() const { return sum(&Comparison::total); }
  std::size_t done() const { return sum(&Comparison::done); }
  std::size_t failed() const { return sum(&Comparison::failed); }

 private:
  std::size_t sum(std::size_t (Comparison::*count)() const) const;

  std::span<Comparison> comparisons_;
  std::map<std::filesystem::path, Comparison*> owners_;  // of runs by their directory
};

}  // namespace gbsim
