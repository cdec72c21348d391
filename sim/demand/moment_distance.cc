// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/moment_distance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/base/check.h"

namespace gbsim {

namespace {

constexpr double kPageblockPages = 512;

double pages(NrPages count) { return static_cast<double>(count.value); }

void add_groups(MomentDistance& sum, const MemoryMoment& recorded, const MemoryMoment& simulated) {
  for (std::size_t i = 0; i < kOrderGroups.size(); ++i) {
    const double ours = pages(free_in(simulated, kOrderGroups[i]));
    const double theirs = pages(free_in(recorded, kOrderGroups[i]));
    sum.octaves[i] += std::abs(std::log2((ours + kPageblockPages) / (theirs + kPageblockPages)));
    sum.memory_share[i] += std::abs(ours - theirs) / std::max(1.0, pages(recorded.managed));
  }
}

}  // namespace

NrPages free_in(const MemoryMoment& moment, const OrderGroup& group) {
  NrPages sum{};
  for (std::size_t order = group.first.value; order <= group.last.value; ++order) {
    sum += NrPages{moment.free_blocks[order] << order};
  }
  return sum;
}

double MomentDistance::mean_octaves() const {
  return std::accumulate(octaves.begin(), octaves.end(), 0.0) / static_cast<double>(octaves.size());
}

MomentDistance distance_between(const std::vector<MemoryMoment>& recorded, const std::vector<MemoryMoment>& simulated) {
  GBSIM_CHECK(recorded.size() == simulated.size());
  MomentDistance result;
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    add_groups(result, recorded[i], simulated[i]);
    ++result.moments;
    if (recorded[i].mixed_share && simulated[i].mixed_share) {
      result.mixed_points += 100 * std::abs(*recorded[i].mixed_share - *simulated[i].mixed_share);
      ++result.mixed_moments;
    }
  }
  const auto average = [](double sum, std::size_t n) { return n == 0 ? 0.0 : sum / static_cast<double>(n); };
  for (std::size_t i = 0; i < kOrderGroups.size(); ++i) {
    result.octaves[i] = average(result.octaves[i], result.moments);
    result.memory_share[i] = average(result.memory_share[i], result.moments);
  }
  result.mixed_points = average(result.mixed_points, result.mixed_moments);
  return result;
}

}  // namespace gbsim
