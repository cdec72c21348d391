// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/zone_stat.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <numeric>

#include "sim/base/check.h"

namespace gbsim {

void ZoneStat::fold(CpuId cpu) {
  global_ += deltas_[cpu.value];
  deltas_[cpu.value] = 0;
}

void ZoneStat::assume_global(std::int64_t global) {
  std::int64_t rest = exact() - global;
  GBSIM_CHECK(std::abs(rest) <= drift());
  global_ = global;
  for (std::int32_t& delta : deltas_) {
    delta = static_cast<std::int32_t>(std::clamp<std::int64_t>(rest, -largest_threshold_, largest_threshold_));
    rest -= delta;
  }
}

std::int64_t ZoneStat::exact() const { return std::accumulate(deltas_.begin(), deltas_.end(), global_); }

std::int32_t stat_threshold(unsigned nr_cpus, NrPages managed) {
  const auto units_of_128_mib = managed.value >> (27 - 12);
  const int by_cpus = static_cast<int>(std::bit_width(nr_cpus));
  const int by_memory = 1 + static_cast<int>(std::bit_width(units_of_128_mib));
  return std::min(125, 2 * by_cpus * by_memory);
}

std::int32_t pressure_threshold(unsigned nr_cpus, NrPages low, NrPages min) {
  return static_cast<std::int32_t>(std::clamp<std::uint64_t>((low - min).value / nr_cpus, 1, 125));
}

}  // namespace gbsim
