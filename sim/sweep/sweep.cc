// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace gbsim {
namespace {

constexpr std::string_view kMemoryKey = "machine.memory";

}  // namespace

Sweep::Sweep(SweepSpec spec, SweepPlace place) : spec_(std::move(spec)), place_(std::move(place)) {
  for (Setting& setting : lay_out(spec_.axes, spec_.method, spec_.points, spec_.seed)) {
    SweepPoint point{.id = "", .setting = std::move(setting)};
    point.wanted = spec_.seeds;
    if (passes(point)) {
      points_.push_back(std::move(point));
    }
  }
  const std::size_t digits = std::max<std::size_t>(4, std::to_string(points_.size()).size());
  for (std::size_t i = 0; i < points_.size(); ++i) {
    points_[i].id = fmt::format("{:0{}}", i + 1, digits);
  }
  ahead_.resize(points_.size());
  for (std::size_t replicate = 0; replicate < spec_.seeds; ++replicate) {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      queue_.emplace_back(i, replicate);
    }
  }
}

std::optional<double> Sweep::setting_value(const SweepPoint& point, std::string_view name) const {
  for (std::size_t i = 0; i < spec_.axes.size(); ++i) {
    if (expression_name(spec_.axes[i].key) == name) {
      return formula_value(point.setting[i]);
    }
  }
  return std::nullopt;
}

bool Sweep::passes(const SweepPoint& point) const {
  const auto lookup = [&](std::string_view name) { return setting_value(point, name); };
  return std::ranges::all_of(spec_.filters,
                             [&](const Expression& filter) { return filter.evaluate(lookup).value_or(0) != 0; });
}

std::size_t Sweep::total() const {
  return std::accumulate(points_.begin(), points_.end(), std::size_t{0},
                         [](std::size_t sum, const SweepPoint& point) { return sum + point.wanted; });
}

PointRun Sweep::run_of(const SweepPoint& point, std::size_t replicate) const {
  PointRun run;
  run.scenario = place_.dir / "base.yaml";
  run.seed = place_.first_seed + replicate;
  run.dir = place_.dir / "points" / point.id / std::to_string(run.seed);
  for (std::size_t i = 0; i < spec_.axes.size(); ++i) {
    run.settings.push_back(spec_.axes[i].key + "=" + point.setting[i]);
  }
  const auto memory = setting_value(point, expression_name(kMemoryKey));
  run.simulated_memory = memory ? static_cast<std::uint64_t>(*memory) : place_.simulated_memory;
  return run;
}

std::optional<PointRun> Sweep::next() {
  if (queue_.empty()) {
    return std::nullopt;
  }
  const auto [point, replicate] = queue_.front();
  queue_.pop_front();
  PointRun run = run_of(points_[point], replicate);
  started_[run.dir] = {point, replicate};
  return run;
}

void Sweep::ended(const PointRun& run, const RunOutcome& outcome) {
  const auto [point, replicate] = started_.extract(run.dir).mapped();
  if (outcome.stopped_by != 0) {
    ++stopped_;
    return;
  }
  ++done_;
  failed_ += outcome.summary ? 0 : 1;
  ahead_[point].emplace(replicate, measured(points_[point], replicate, outcome));
  settle(point);
}

SweepRun Sweep::measured(const SweepPoint& point, std::size_t replicate, const RunOutcome& outcome) const {
  SweepRun run{.seed = place_.first_seed + replicate, .outcome = outcome.outcome, .reason = outcome.reason};
  const auto lookup = [&](std::string_view name) {
    const auto varied = setting_value(point, name);
    return varied ? varied : outcome.summary->value(name);
  };
  for (const SweepMetric& metric : spec_.metrics) {
    run.metrics.push_back(outcome.summary ? metric.formula.evaluate(lookup) : std::nullopt);
  }
  return run;
}

/** Moves runs that follow without a gap to the point, and asks for one more seed if all are in and differ too much. */
void Sweep::settle(std::size_t index) {
  SweepPoint& point = points_[index];
  for (auto run = ahead_[index].find(point.runs.size()); run != ahead_[index].end();
       run = ahead_[index].find(point.runs.size())) {
    point.runs.push_back(std::move(run->second));
  }
  if (spec_.until && point.runs.size() == point.wanted && point.wanted < spec_.until->max_seeds &&
      !is_known_well(point)) {
    queue_.emplace_back(index, point.wanted);
    ++point.wanted;
  }
}

bool Sweep::is_known_well(const SweepPoint& point) const {
  return std::ranges::all_of(spec_.until->metrics, [&](const std::string& name) {
    const std::vector<double> known = values(point, metric_index(name));
    const bool never = known.empty() && point.runs.size() > 1;  // a point that only fails will not get better
    const auto width = relative_width(known, spec_.until->confidence);
    return never || (width && *width < spec_.until->width);
  });
}

void Sweep::take_recorded() {
  std::deque<std::pair<std::size_t, std::size_t>> missing;
  while (!queue_.empty()) {
    const auto [index, replicate] = queue_.front();
    const PointRun run = run_of(points_[index], replicate);
    if (const auto outcome = recorded_outcome(run.dir)) {
      next();
      ended(run, *outcome);
    } else {
      missing.push_back(queue_.front());
      queue_.pop_front();
    }
  }
  queue_ = std::move(missing);
}

std::vector<double> Sweep::values(const SweepPoint& point, std::size_t metric) const {
  std::vector<double> result;
  for (const SweepRun& run : point.runs) {
    if (run.metrics[metric]) {
      result.push_back(*run.metrics[metric]);
    }
  }
  return result;
}

std::size_t Sweep::metric_index(std::string_view name) const {
  const auto found = std::ranges::find(spec_.metrics, name, &SweepMetric::name);
  return static_cast<std::size_t>(found - spec_.metrics.begin());
}

}  // namespace gbsim
