// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/**
 * How long allocations lived, and how many so long: exact while there are few values, then rounded as finely as kMost
 * values allow, so that its size does not grow with what it has seen.
 */
class LifeSketch {
 public:
  static constexpr std::size_t kMost = 256;

  /** @weight allocations that lived @life, seen together. */
  void add(Ns life, std::uint64_t weight);
  void add(const LifeSketch& other);
  bool empty() const { return values_.empty(); }
  /** Allocations. */
  std::uint64_t weight() const { return weight_; }
  /** Smallest, largest, and more in between the more was seen; nothing if it is empty. */
  std::vector<Ns> quantiles() const;

 private:
  struct Value {
    std::int64_t life;
    std::uint64_t weight;
  };
  /** Equal values become one; while there are too many, a leading bit is given up. */
  void condense();
  void join_equal();

  std::vector<Value> values_;
  std::uint64_t seen_ = 0;  // calls of add
  std::uint64_t weight_ = 0;
  unsigned bits_ = 63;  // leading ones of a life that are kept
};

/** Which of the values that have @weights lie at @points equal steps of all weight. Requires: weights above zero. */
std::vector<std::size_t> quantile_places(const std::vector<std::uint64_t>& weights, std::size_t points);

/** Points of a law: enough to follow its shape, no more than its samples support. */
std::size_t points_for(std::uint64_t samples);

}  // namespace gbsim
