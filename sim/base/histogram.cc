// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/histogram.h"

#include <cmath>

namespace gbsim {

constexpr std::uint64_t Histogram::highest_in(std::size_t bucket) {
  if (bucket < 2 * kSub) {
    return bucket;
  }
  const std::size_t shift = bucket / kSub - 1;
  const std::uint64_t top = bucket - shift * kSub;
  return ((top + 1) << shift) - 1;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    buckets_[i] += other.buckets_[i];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t Histogram::percentile(double share) const {
  const auto rank = static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > 0 && seen >= rank) {
      return std::min(highest_in(i), max_);
    }
  }
  return max_;
}

}  // namespace gbsim
