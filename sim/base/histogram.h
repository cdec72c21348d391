// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace gbsim {

/**
 * Counts of 64-bit values in buckets of constant relative width: 32 a power of two, so within 3.2 % of the truth.
 * Values below 64 are exact. Fixed size; adding never allocates.
 */
class Histogram {
 public:
  void add(std::uint64_t value, std::uint64_t times = 1) {
    buckets_[bucket_of(value)] += times;
    count_ += times;
    max_ = times > 0 ? std::max(max_, value) : max_;
  }

  void merge(const Histogram& other);
  void clear() { *this = Histogram{}; }

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  /** The smallest recorded value with at least @share of all values at or below it, to bucket precision; 0 if empty. */
  std::uint64_t percentile(double share) const;

  bool operator==(const Histogram&) const = default;

 private:
  static constexpr unsigned kSubBits = 5;
  static constexpr std::size_t kSub = std::size_t{1} << kSubBits;
  static constexpr std::size_t kBuckets = (64 - kSubBits + 1) * kSub;

  static constexpr std::size_t bucket_of(std::uint64_t value) {
    if (value < kSub) {
      return value;
    }
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBits;
    return shift * kSub + static_cast<std::size_t>(value >> shift);
  }
  static constexpr std::uint64_t highest_in(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace gbsim
