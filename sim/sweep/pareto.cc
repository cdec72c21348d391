// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/pareto.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <set>

namespace gbsim {
namespace {

bool dominates(const Scores& a, const Scores& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] < b[i]) {
      return false;
    }
    better = better || a[i] > b[i];
  }
  return better;
}

/** Medians of the objectives, those to minimise negated; nullopt if one has no value. */
std::optional<Scores> scores_of(const Sweep& sweep, const SweepPoint& point) {
  Scores scores;
  for (const Objective& objective : sweep.spec().objectives) {
    const Spread spread = spread_of(sweep.values(point, sweep.metric_index(objective.metric)));
    if (spread.count == 0) {
      return std::nullopt;
    }
    scores.push_back(objective.maximise ? spread.median : -spread.median);
  }
  return scores;
}

}  // namespace

std::vector<bool> pareto_front(const std::vector<Scores>& candidates) {
  const std::set<Scores, std::greater<>> distinct(candidates.begin(), candidates.end());
  std::set<Scores> front;
  for (const Scores& mine : distinct) {  // whatever dominates another comes before it
    if (std::ranges::none_of(front, [&](const Scores& other) { return dominates(other, mine); })) {
      front.insert(mine);
    }
  }
  std::vector<bool> on_front;
  std::ranges::transform(candidates, std::back_inserter(on_front),
                         [&](const Scores& mine) { return front.contains(mine); });
  return on_front;
}

std::vector<std::size_t> pareto_points(const Sweep& sweep) {
  std::vector<std::size_t> indices;
  std::vector<Scores> candidates;
  for (std::size_t i = 0; !sweep.spec().objectives.empty() && i < sweep.points().size(); ++i) {
    if (auto scores = scores_of(sweep, sweep.points()[i])) {
      indices.push_back(i);
      candidates.push_back(std::move(*scores));
    }
  }
  const std::vector<bool> on_front = pareto_front(candidates);
  std::vector<std::pair<Scores, std::size_t>> front;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (on_front[i]) {
      front.emplace_back(candidates[i], indices[i]);
    }
  }
  std::ranges::stable_sort(front, std::ranges::greater{}, [](const auto& each) { return each.first; });
  std::vector<std::size_t> result;
  std::ranges::transform(front, std::back_inserter(result), [](const auto& each) { return each.second; });
  return result;
}

}  // namespace gbsim
