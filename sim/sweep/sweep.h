// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sweep/batch.h"
#include "sim/sweep/statistics.h"
#include "sim/sweep/sweep_spec.h"

namespace gbsim {

/** One run of one point that ended. */
struct SweepRun {
  std::uint64_t seed = 0;
  std::string outcome;
  std::string reason;
  std::vector<std::optional<double>> metrics{};  // in the order of the spec
};

/** One point of a sweep. */
struct SweepPoint {
  std::string id;
  Setting setting;
  std::vector<SweepRun> runs{};  // by seed, as far as they are known without gaps
  std::size_t wanted = 0;        // runs that the seeds and the stop rule ask for
};

/** Where a sweep lives and what its runs start from. */
struct SweepPlace {
  std::filesystem::path dir;
  std::uint64_t first_seed = 1;
  std::uint64_t simulated_memory = 0;
};

/**
 * A sweep: gives its runs to a batch, collects their ends, adds seeds where the stop rule asks. What a point asks for
 * depends on its own runs alone, so the result is the same in whatever order runs end.
 */
class Sweep final : public RunSource {
 public:
  Sweep(SweepSpec spec, SweepPlace place);

  std::optional<PointRun> next() override;
  void ended(const PointRun& run, const RunOutcome& outcome) override;
  /** Takes over every run whose outcome stands in the directory. Call before next(). */
  void take_recorded();

  const SweepSpec& spec() const { return spec_; }
  const SweepPlace& place() const { return place_; }
  const std::vector<SweepPoint>& points() const { return points_; }
  std::size_t total() const;
  std::size_t done() const { return done_; }
  std::size_t failed() const { return failed_; }
  /** Runs that somebody stopped. They count as not done yet. */
  std::size_t stopped() const { return stopped_; }

  /** The run of @point with its number @replicate, from 0. */
  PointRun run_of(const SweepPoint& point, std::size_t replicate) const;
  /** Values of metric @metric over the runs of @point that have one. */
  std::vector<double> values(const SweepPoint& point, std::size_t metric) const;
  /** Index of the metric called @name. */
  std::size_t metric_index(std::string_view name) const;

 private:
  void settle(std::size_t point);
  bool is_known_well(const SweepPoint& point) const;
  SweepRun measured(const SweepPoint& point, std::size_t replicate, const RunOutcome& outcome) const;
  std::optional<double> setting_value(const SweepPoint& point, std::string_view name) const;
  bool passes(const SweepPoint& point) const;

  SweepSpec spec_;
  SweepPlace place_;
  std::vector<SweepPoint> points_;
  std::vector<std::map<std::size_t, SweepRun>> ahead_;         // by point: runs that ended before an earlier one
  std::deque<std::pair<std::size_t, std::size_t>> queue_;      // (point, replicate) to start
  std::map<std::filesystem::path, std::pair<std::size_t, std::size_t>> started_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::size_t stopped_ = 0;
};

}  // namespace gbsim
