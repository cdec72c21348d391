// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/zone_stat.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace gbsim {

void ZoneStat::fold(CpuId cpu) {
  global_ += deltas_[cpu.value];
  deltas_[cpu.value] = 0;
}

std::int64_t ZoneStat::exact() const { return std::accumulate(deltas_.begin(), deltas_.end(), global_); }

std::int32_t stat_threshold(unsigned nr_cpus, NrPages managed) {
  const auto units_of_128_mib = managed.value >> (27 - 12);
  const int by_cpus = static_cast<int>(std::bit_width(nr_cpus));
  const int by_memory = 1 + static_cast<int>(std::bit_width(units_of_128_mib));
  return std::min(125, 2 * by_cpus * by_memory);
}

}  // namespace gbsim
