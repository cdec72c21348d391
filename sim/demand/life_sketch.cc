// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/life_sketch.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <numeric>

namespace gbsim {

namespace {

/** @life to its @bits leading ones, in the middle of what they leave open. */
std::int64_t rounded(std::int64_t life, unsigned bits) {
  const auto width = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(life)));
  if (width <= bits) {
    return life;
  }
  const unsigned open = width - bits;
  return (life >> open << open) + (std::int64_t{1} << (open - 1));
}

}  // namespace

std::size_t points_for(std::uint64_t samples) {
  constexpr std::size_t kFew = 3;
  constexpr std::size_t kSome = 5;
  constexpr std::size_t kMany = 9;
  return samples < 8 ? kFew : samples < 64 ? kSome : kMany;
}

std::vector<std::size_t> quantile_places(const std::vector<std::uint64_t>& weights, std::size_t points) {
  const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<std::size_t> places;
  std::size_t at = 0;
  std::uint64_t below = 0;
  for (std::size_t point = 0; point < points; ++point) {
    const double wanted = static_cast<double>(total - 1) * static_cast<double>(point) / static_cast<double>(points - 1);
    while (below + weights[at] <= static_cast<std::uint64_t>(wanted)) {
      below += weights[at++];
    }
    places.push_back(at);
  }
  return places;
}

void LifeSketch::add(Ns life, std::uint64_t weight) {
  ++seen_;
  weight_ += weight;
  values_.push_back({rounded(life.count(), bits_), weight});
  if (values_.size() >= 2 * kMost) {
    condense();
  }
}

void LifeSketch::add(const LifeSketch& other) {
  seen_ += other.seen_;
  weight_ += other.weight_;
  bits_ = std::min(bits_, other.bits_);
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  condense();
}

void LifeSketch::join_equal() {
  std::ranges::sort(values_, {}, &Value::life);
  std::size_t kept = 0;
  for (const Value& value : values_) {
    const bool is_known = kept > 0 && values_[kept - 1].life == value.life;
    if (is_known) {
      values_[kept - 1].weight += value.weight;
    } else {
      values_[kept++] = value;
    }
  }
  values_.resize(kept);
}

void LifeSketch::condense() {
  constexpr unsigned kFinest = 16;
  join_equal();
  while (values_.size() > kMost) {
    bits_ = std::min(bits_ - 1, kFinest);
    std::ranges::for_each(values_, [&](Value& value) { value.life = rounded(value.life, bits_); });
    join_equal();
  }
}

std::vector<Ns> LifeSketch::quantiles() const {
  if (empty()) {
    return {};
  }
  LifeSketch sorted = *this;
  sorted.condense();
  std::vector<std::uint64_t> weights;
  std::ranges::transform(sorted.values_, std::back_inserter(weights), &Value::weight);
  std::vector<Ns> lives;
  for (const std::size_t place : quantile_places(weights, points_for(seen_))) {
    lives.emplace_back(sorted.values_[place].life);
  }
  return lives;
}

}  // namespace gbsim
