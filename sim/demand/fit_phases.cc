// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_phases.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace gbsim {

namespace {

/** Points of a law: enough to follow its shape, no more than its samples support. */
std::size_t points_for(std::uint64_t samples) {
  constexpr std::size_t kFew = 3;
  constexpr std::size_t kSome = 5;
  constexpr std::size_t kMany = 9;
  return samples < 8 ? kFew : samples < 64 ? kSome : kMany;
}

struct Weighted {
  std::int64_t value;
  std::uint64_t weight;
};

/** @values must be sorted. The value at each of @points equal steps of the total weight. */
std::vector<std::int64_t> quantiles(const std::vector<Weighted>& values, std::size_t points) {
  std::uint64_t total = 0;
  for (const Weighted& value : values) {
    total += value.weight;
  }
  std::vector<std::int64_t> result;
  std::size_t at = 0;
  std::uint64_t below = 0;
  for (std::size_t point = 0; point < points; ++point) {
    const double wanted = static_cast<double>(total - 1) * static_cast<double>(point) / static_cast<double>(points - 1);
    while (below + values[at].weight <= static_cast<std::uint64_t>(wanted)) {
      below += values[at++].weight;
    }
    result.push_back(values[at].value);
  }
  return result;
}

std::int64_t life_of(const DemandRun& run, Ns length) {
  return run.outlives() ? length.count() : std::max<std::int64_t>(0, (run.died - run.last).count());
}

/** Neighbouring cells that share a rate and a law. */
struct Segment {
  unsigned cells = 1;
  std::span<const DemandRun> runs{};
  std::uint64_t allocations = 0;
  std::vector<Ns> life{};
};

Segment segment_of(std::span<const DemandRun> runs, unsigned cells, Ns length) {
  Segment segment{cells, runs, 0, {}};
  for (const DemandRun& run : runs) {
    segment.allocations += run.count;
  }
  if (!runs.empty()) {
    segment.life = life_quantiles(runs, length);
  }
  return segment;
}

/** The average distance of two laws of lives, as a part of @whole, at most 1. */
double life_distance(const std::vector<Ns>& a, const std::vector<Ns>& b, double whole) {
  if (a.empty() || b.empty()) {
    return 0;
  }
  constexpr std::size_t kSteps = 8;
  double sum = 0;
  for (std::size_t i = 0; i <= kSteps; ++i) {
    const Ns one = a[i * (a.size() - 1) / kSteps];
    const Ns other = b[i * (b.size() - 1) / kSteps];
    sum += std::abs(static_cast<double>((one - other).count()));
  }
  return std::min(1.0, sum / (kSteps + 1) / whole);
}

/** Pages that would come or go at the wrong time if the two were one. */
double cost_of_merging(const Segment& a, const Segment& b, const PhaseRules& rules) {
  const double cells_a = a.cells;
  const double cells_b = b.cells;
  const auto allocations_a = static_cast<double>(a.allocations);
  const auto allocations_b = static_cast<double>(b.allocations);
  const double rates_apart = std::abs(allocations_a / cells_a - allocations_b / cells_b);
  const double misplaced = rates_apart * cells_a * cells_b / (cells_a + cells_b);
  const double cell = static_cast<double>(rules.length.count()) / rules.cells;
  const double both = cell * (cells_a + cells_b);
  const double deaths = std::min(allocations_a, allocations_b) * life_distance(a.life, b.life, both);
  return (misplaced + deaths) * static_cast<double>(rules.block_pages);
}

Segment merged(const Segment& a, const Segment& b, Ns length) {
  const std::span<const DemandRun> both =
      a.runs.empty() ? b.runs : std::span(a.runs.data(), a.runs.size() + b.runs.size());
  return segment_of(both, a.cells + b.cells, length);
}

void merge_alike(std::vector<Segment>& segments, const PhaseRules& rules) {
  while (segments.size() > 1) {
    std::size_t best = 0;
    double least = HUGE_VAL;
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
      const double cost = cost_of_merging(segments[i], segments[i + 1], rules);
      best = cost < least ? i : best;
      least = std::min(cost, least);
    }
    if (least > rules.tolerance_pages) {
      return;
    }
    segments[best] = merged(segments[best], segments[best + 1], rules.length);
    segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

}  // namespace

std::vector<Ns> life_quantiles(std::span<const DemandRun> runs, Ns length) {
  std::vector<Weighted> lives;
  for (const DemandRun& run : runs) {
    lives.push_back({life_of(run, length), run.count});
  }
  std::ranges::sort(lives, {}, &Weighted::value);
  std::vector<Ns> result;
  for (const std::int64_t life : quantiles(lives, points_for(runs.size()))) {
    result.emplace_back(life);
  }
  return result;
}

std::vector<double> burst_quantiles(std::span<const DemandRun> runs) {
  std::vector<Weighted> sizes;
  for (const DemandRun& run : runs) {
    sizes.push_back({run.count, 1});
  }
  std::ranges::sort(sizes, {}, &Weighted::value);
  if (sizes.front().value == sizes.back().value) {
    return {static_cast<double>(sizes.front().value)};
  }
  std::vector<double> result;
  for (const std::int64_t size : quantiles(sizes, points_for(runs.size()))) {
    result.push_back(static_cast<double>(size) + 0.5);
  }
  return result;
}

std::vector<FittedPhase> find_phases(std::span<const DemandRun> runs, const PhaseRules& rules) {
  std::vector<Segment> segments;
  const double cell = static_cast<double>(rules.length.count()) / rules.cells;
  std::size_t from = 0;
  for (unsigned i = 0; i < rules.cells; ++i) {
    const bool is_last = i + 1 == rules.cells;
    const auto beyond = [&](const DemandRun& run) { return static_cast<double>(run.born.count()) >= cell * (i + 1); };
    std::size_t to = from;
    while (to < runs.size() && (is_last || !beyond(runs[to]))) {
      ++to;
    }
    segments.push_back(segment_of(runs.subspan(from, to - from), 1, rules.length));
    from = to;
  }
  merge_alike(segments, rules);
  std::vector<FittedPhase> phases;
  for (const Segment& segment : segments) {
    const double nanoseconds = cell * segment.cells;
    phases.push_back({Ns{static_cast<std::int64_t>(nanoseconds)},
                      static_cast<double>(segment.allocations) * 1e9 / nanoseconds, segment.life});
  }
  return phases;
}

}  // namespace gbsim
