// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/**
 * One zone counter kept as the kernel keeps it: CPUs gather deltas and fold them into the global value only beyond a
 * threshold, so that readers of the global value see it late (mm/vmstat.c).
 */
class ZoneStat {
 public:
  explicit ZoneStat(unsigned nr_cpus) : deltas_(nr_cpus, 0) {}

  void add(CpuId cpu, std::int64_t delta) {
    const std::int64_t sum = deltas_[cpu.value] + delta;
    if (sum > threshold_ || sum < -threshold_) {
      global_ += sum;
      deltas_[cpu.value] = 0;
    } else {
      deltas_[cpu.value] = static_cast<std::int32_t>(sum);
    }
  }
  /** Everything the CPU gathered reaches the global value. */
  void fold(CpuId cpu);
  /** The global value is @global from now on, and the CPUs have yet to fold the rest. Requires: within drift(). */
  void assume_global(std::int64_t global);
  /** How far global() may be from exact(): deltas under a larger threshold stay until the CPU's next one. */
  std::int64_t drift() const { return static_cast<std::int64_t>(deltas_.size()) * largest_threshold_; }

  /** What watermark checks see. */
  std::int64_t global() const { return global_; }
  /** The true value. */
  std::int64_t exact() const;
  std::int32_t delta(CpuId cpu) const { return deltas_[cpu.value]; }
  std::int32_t threshold() const { return threshold_; }
  void set_threshold(std::int32_t threshold) {
    threshold_ = threshold;
    largest_threshold_ = std::max(largest_threshold_, threshold);
  }

 private:
  std::int64_t global_ = 0;
  std::int32_t threshold_ = 0;
  std::int32_t largest_threshold_ = 0;  // so far
  std::vector<std::int32_t> deltas_;
};

/** calculate_normal_threshold() of mm/vmstat.c. */
std::int32_t stat_threshold(unsigned nr_cpus, NrPages managed);

/** calculate_pressure_threshold() of mm/vmstat.c: while kswapd is awake; more than the other where CPUs are few. */
std::int32_t pressure_threshold(unsigned nr_cpus, NrPages low, NrPages min);

}  // namespace gbsim
