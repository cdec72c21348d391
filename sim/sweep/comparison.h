// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/sweep/batch.h"
#include "sim/sweep/bounds.h"

namespace gbsim {

/** One row of a comparison's table. */
struct ComparedMetric {
  std::string label;
  std::string formula;  // over paths of summary.json
};

/**
 * What a kernel developer looks at first: fragmentation, huge pages, failures, latency, what it costs. @gigablock is
 * the size of one for people: "1 GiB".
 */
std::vector<ComparedMetric> default_metrics(const std::string& gigablock);

/** What is compared: one scenario under several placements with the same seeds. */
struct ComparisonPlan {
  std::filesystem::path scenario;
  std::string name;                     // of the scenario
  std::filesystem::path dir;
  std::vector<std::string> settings{};  // "KEY=VALUE" for every run
  std::vector<std::string> placements;  // the first is what the others are measured against
  std::vector<std::uint64_t> seeds;
  std::uint64_t simulated_memory = 0;
  std::vector<ComparedMetric> metrics;
  std::map<std::pair<std::string, std::uint64_t>, std::filesystem::path> results{};  // there already; none: to be run
  std::vector<std::string> warnings{};  // what readers must know, such as that results are of different machines
};

/** A comparison: gives its runs to a batch, collects their ends, and tells what was measured. */
class Comparison final : public RunSource {
 public:
  explicit Comparison(ComparisonPlan plan);

  std::optional<PointRun> next() override;
  void ended(const PointRun& run, const RunOutcome& outcome) override;

  const ComparisonPlan& plan() const { return plan_; }
  std::size_t total() const { return plan_.placements.size() * plan_.seeds.size(); }
  std::size_t done() const { return outcomes_.size(); }
  std::size_t failed() const;
  /** "DIR: reason" of each run without results. */
  std::vector<std::string> failures() const;

  /** DIR/PLACEMENT-SEED, or where results are that were there already; empty if there are none. */
  std::filesystem::path run_dir(const std::string& placement, std::uint64_t seed) const;
  /** The formula's values for @placement, by seed; runs without one are left out. */
  std::vector<double> values(const std::string& formula, const std::string& placement) const;
  Measured measured(const std::string& formula, const std::string& placement) const;

 private:
  ComparisonPlan plan_;
  std::size_t next_ = 0;
  std::map<std::filesystem::path, RunOutcome> outcomes_;
};

/** The table for people: a row a metric, and for each placement median, range over seeds, ratio. */
std::string comparison_table(const Comparison& comparison);
/** compare.csv: one row a metric and placement. */
std::string comparison_csv(const Comparison& comparison);
/** compare.json: the same, every run's outcome, and @verdicts. */
std::string comparison_json(const Comparison& comparison, std::span<const Verdict> verdicts);

}  // namespace gbsim
