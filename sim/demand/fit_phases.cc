// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_phases.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gbsim {

namespace {

/** Neighbouring cells that share a rate and a law. */
struct Segment {
  unsigned cells = 1;
  LifeSketch lives{};
  std::vector<Ns> life{};  // its quantiles
};

Segment segment_of(LifeSketch lives, unsigned cells) {
  Segment segment{cells, std::move(lives), {}};
  segment.life = segment.lives.quantiles();
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
double cost_of_merging(const Segment& a, const Segment& b, const TimeCells& time, const PhaseRules& rules) {
  const double cells_a = a.cells;
  const double cells_b = b.cells;
  const auto allocations_a = static_cast<double>(a.lives.weight());
  const auto allocations_b = static_cast<double>(b.lives.weight());
  const double rates_apart = std::abs(allocations_a / cells_a - allocations_b / cells_b);
  const double misplaced = rates_apart * cells_a * cells_b / (cells_a + cells_b);
  const double both = time.each() * (cells_a + cells_b);
  const double deaths = std::min(allocations_a, allocations_b) * life_distance(a.life, b.life, both);
  return (misplaced + deaths) * static_cast<double>(rules.block_pages);
}

Segment merged(const Segment& a, const Segment& b) {
  LifeSketch both = a.lives;
  both.add(b.lives);
  return segment_of(std::move(both), a.cells + b.cells);
}

void merge_alike(std::vector<Segment>& segments, const TimeCells& time, const PhaseRules& rules) {
  while (segments.size() > 1) {
    std::size_t best = 0;
    double least = HUGE_VAL;
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
      const double cost = cost_of_merging(segments[i], segments[i + 1], time, rules);
      best = cost < least ? i : best;
      least = std::min(cost, least);
    }
    if (least > rules.tolerance_pages) {
      return;
    }
    segments[best] = merged(segments[best], segments[best + 1]);
    segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

}  // namespace

std::vector<FittedPhase> find_phases(const RunSketch& sketch, const PhaseRules& rules) {
  std::vector<Segment> segments;
  for (const LifeSketch& lives : sketch.lives()) {
    segments.push_back(segment_of(lives, 1));
  }
  merge_alike(segments, sketch.time(), rules);
  std::vector<FittedPhase> phases;
  for (const Segment& segment : segments) {
    const double nanoseconds = sketch.time().each() * segment.cells;
    phases.push_back({Ns{static_cast<std::int64_t>(nanoseconds)},
                      static_cast<double>(segment.lives.weight()) * 1e9 / nanoseconds, segment.life});
  }
  return phases;
}

}  // namespace gbsim
