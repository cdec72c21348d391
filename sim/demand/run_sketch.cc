// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/run_sketch.h"

#include <algorithm>

namespace gbsim {

unsigned TimeCells::at(Ns since_begin) const {
  const auto cell = static_cast<std::int64_t>(static_cast<double>(since_begin.count()) / std::max(1.0, each()));
  return static_cast<unsigned>(std::clamp<std::int64_t>(cell, 0, count - 1));
}

void RunSketch::add(const DemandRun& run) {
  const bool has_end = !run.outlives() && !run.reclaimed;
  const unsigned cell = time_.at(run.born);
  const Ns life = has_end ? std::max(Ns{0}, run.died - run.last) : time_.length;
  lives_[cell].add(life, run.count);
  if (has_end && !time_.within_one(life)) {
    ends_[cell].add(run.died, run.count);
  }
  ++sizes_[run.count];
  ++runs_;
  gaps_ += run.count - 1;
  between_ += run.last - run.born;
}

std::vector<double> RunSketch::bursts() const {
  if (sizes_.size() == 1) {
    return {static_cast<double>(sizes_.begin()->first)};
  }
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint64_t> weights;
  for (const auto& [size, count] : sizes_) {
    sizes.push_back(size);
    weights.push_back(count);
  }
  std::vector<double> result;
  for (const std::size_t place : quantile_places(weights, points_for(runs_))) {
    result.push_back(static_cast<double>(sizes[place]) + 0.5);
  }
  return result;
}

Ns RunSketch::spacing() const { return gaps_ > 0 ? between_ / gaps_ : Ns{0}; }

}  // namespace gbsim
