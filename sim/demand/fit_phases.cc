// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_phases.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace gbsim {

namespace {

/** What is known of one law. */
struct Known {
  LifeSketch sketch{};
  std::vector<Ns> quantiles{};

  explicit Known(LifeSketch values) : sketch(std::move(values)), quantiles(sketch.quantiles()) {}
};

Known together(const Known& a, const Known& b) {
  LifeSketch both = a.sketch;
  both.add(b.sketch);
  return Known(std::move(both));
}

/** Neighbouring cells that share a rate and a law: of how long what came lived, or of when it died. */
struct Segment {
  unsigned first;  // cell
  unsigned cells;
  Known lives;
  Known ends;

  /** Of everything that came, it is known when it died. */
  bool has_ends() const { return ends.sketch.weight() == lives.sketch.weight(); }
};

/** The average distance of two laws, as a part of @whole, at most 1. */
double distance(const std::vector<Ns>& a, const std::vector<Ns>& b, double whole) {
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

/** By the law that they have more in common. */
double death_distance(const Segment& a, const Segment& b, double whole) {
  const double by_life = distance(a.lives.quantiles, b.lives.quantiles, whole);
  const bool has_both = a.has_ends() && b.has_ends();
  return has_both ? std::min(by_life, distance(a.ends.quantiles, b.ends.quantiles, whole)) : by_life;
}

/** Pages that would come or go at the wrong time if the two were one. */
double cost_of_merging(const Segment& a, const Segment& b, const TimeCells& time, const PhaseRules& rules) {
  if (std::ranges::find(rules.cuts, b.first) != rules.cuts.end()) {
    return std::numeric_limits<double>::infinity();
  }
  const double cells_a = a.cells;
  const double cells_b = b.cells;
  const auto allocations_a = static_cast<double>(a.lives.sketch.weight());
  const auto allocations_b = static_cast<double>(b.lives.sketch.weight());
  const double rates_apart = std::abs(allocations_a / cells_a - allocations_b / cells_b);
  const double misplaced = rates_apart * cells_a * cells_b / (cells_a + cells_b);
  const double both = time.each() * (cells_a + cells_b);
  const double deaths = std::min(allocations_a, allocations_b) * death_distance(a, b, both);
  return (misplaced + deaths) * static_cast<double>(rules.block_pages);
}

Segment merged(const Segment& a, const Segment& b) {
  return {a.first, a.cells + b.cells, together(a.lives, b.lives), together(a.ends, b.ends)};
}

void merge_alike(std::vector<Segment>& segments, const TimeCells& time, const PhaseRules& rules) {
  std::vector<double> costs;  // of merging each with the next
  const auto cost_at = [&](std::size_t i) { return cost_of_merging(segments[i], segments[i + 1], time, rules); };
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    costs.push_back(cost_at(i));
  }
  while (!costs.empty()) {
    const auto least = std::ranges::min_element(costs);
    if (*least > rules.tolerance_pages) {
      return;
    }
    const auto at = least - costs.begin();
    const auto best = static_cast<std::size_t>(at);
    segments[best] = merged(segments[best], segments[best + 1]);
    segments.erase(segments.begin() + at + 1);
    costs.erase(least);
    if (best > 0) {
      costs[best - 1] = cost_at(best - 1);
    }
    if (best < costs.size()) {
      costs[best] = cost_at(best);
    }
  }
}

/** How far quantiles lie from their middle, all together. */
double spread(const std::vector<Ns>& quantiles) {
  const Ns middle = quantiles[quantiles.size() / 2];
  double sum = 0;
  for (const Ns point : quantiles) {
    sum += std::abs(static_cast<double>((point - middle).count()));
  }
  return sum;
}

/** By the law that leaves less open: steady churn shares lives, what one event killed shares the time of its death. */
FittedPhase phase_of(const Segment& segment, const TimeCells& time) {
  const double nanoseconds = time.each() * segment.cells;
  FittedPhase phase{Ns{static_cast<std::int64_t>(nanoseconds)},
                    static_cast<double>(segment.lives.sketch.weight()) * 1e9 / nanoseconds};
  const bool is_empty = segment.lives.sketch.empty();
  // Births are spread over a cell, by a quarter of it on average; what lives would carry that to its death.
  const double smeared = static_cast<double>(segment.lives.quantiles.size()) * time.each() / 4;
  const bool by_end = !is_empty && segment.has_ends() &&
                      spread(segment.ends.quantiles) < spread(segment.lives.quantiles) + smeared;
  (by_end ? phase.ends : phase.life) = by_end ? segment.ends.quantiles : segment.lives.quantiles;
  return phase;
}

}  // namespace

std::vector<FittedPhase> find_phases(const RunSketch& sketch, const PhaseRules& rules) {
  std::vector<Segment> segments;
  for (unsigned cell = 0; cell < sketch.lives().size(); ++cell) {
    segments.push_back({cell, 1, Known(sketch.lives()[cell]), Known(sketch.ends()[cell])});
  }
  merge_alike(segments, sketch.time(), rules);
  std::vector<FittedPhase> phases;
  std::ranges::transform(segments, std::back_inserter(phases),
                         [&](const Segment& segment) { return phase_of(segment, sketch.time()); });
  return phases;
}

}  // namespace gbsim
