// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <vector>

#include "sim/demand/demand_runs.h"
#include "sim/demand/life_sketch.h"

namespace gbsim {

/** How finely a fit looks at time. */
struct TimeCells {
  Ns length{0};  // of the recording; what outlives it, or ends by reclaim, is taken to live so long
  unsigned count = 1;

  double each() const { return static_cast<double>(length.count()) / count; }
  unsigned at(Ns since_begin) const;
  /** @time is less than one cell: a life so short tells as much as the time of its end. */
  bool within_one(Ns time) const { return static_cast<double>(time.count()) < each(); }
};

/** What a fit keeps of the runs of one class: its size depends on the number of cells, not on that of runs. */
class RunSketch {
 public:
  explicit RunSketch(const TimeCells& time) : time_(time), lives_(time.count), ends_(time.count) {}

  void add(const DemandRun& run);
  bool empty() const { return sizes_.empty(); }
  std::uint64_t runs() const { return runs_; }
  const TimeCells& time() const { return time_; }
  /** By cell of birth: lives after the last birth of their run. */
  const std::vector<LifeSketch>& lives() const { return lives_; }
  /** The same of the times, since the beginning, at which those died that lived longer than a cell. */
  const std::vector<LifeSketch>& ends() const { return ends_; }
  /** Quantiles of the sizes of runs, half a one up, since a draw is rounded down; one value if all are alike. */
  std::vector<double> bursts() const;
  /** Between the allocations of a run, on average. */
  Ns spacing() const;

 private:
  TimeCells time_;
  std::vector<LifeSketch> lives_;
  std::vector<LifeSketch> ends_;
  std::map<std::uint32_t, std::uint64_t> sizes_;  // how many runs have so many allocations
  std::uint64_t runs_ = 0;
  std::int64_t gaps_ = 0;
  Ns between_{0};  // of all gaps together
};

}  // namespace gbsim
