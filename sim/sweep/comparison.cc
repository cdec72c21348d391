// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gbsim {
namespace {

const std::vector<ComparedMetric>& metrics() {
  static const std::vector<ComparedMetric> kMetrics{
      {"gigablocks tainted at the end", "gigablocks.tainted"},
      {"gigablocks tainted, peak", "gigablocks.tainted_peak"},
      {"1 GiB pages obtained", "hugepages_1g.allocated"},
      // Of none there is no latency: 0 / 0 leaves the cell empty.
      {"1 GiB latency p50, served (ms)", "hugepages_1g.latency_served_p50_ns / 1e6 / (hugepages_1g.allocated > 0)"},
      {"pages migrated for 1 GiB pages", "hugepages_1g.pages_migrated"},
      {"THP success (%)", "100 * thp.success_rate"},
      {"extfrag events", "extfrag_events.total"},
      {"extfrag, unmovable into movable", "extfrag_events.unmovable_into_movable"},
      {"unusable free space index, order 9", "fragmentation.unusable_index_9"},
      {"mixed pageblocks", "fragmentation.mixed_pageblocks"},
      {"pageblocks with unmovable", "fragmentation.pageblocks_with_unmovable"},
      {"failed allocations", "operations.failures"},
      {"order 0 latency p99 (ns)", "latency_ns.order0_p99"},
      {"order 9 latency p99 (us)", "latency_ns.order9_p99 / 1000"},
      {"direct compaction stalls", "vmstat.compact_stall"},
      {"CPU: direct reclaim (s)", "cpu_seconds.direct_reclaim"},
      {"CPU: direct compaction (s)", "cpu_seconds.direct_compaction"},
      {"CPU: kswapd (s)", "cpu_seconds.kswapd"},
      {"CPU: kcompactd (s)", "cpu_seconds.kcompactd"},
      {"CPU: gigablock defrag (s)", "cpu_seconds.gigablock_defrag"},
      {"CPU: khugepaged (s)", "cpu_seconds.khugepaged"},
      {"CPU: workload (s)", "cpu_seconds.workload"},
      {"CPU: other (s)", "cpu_seconds.other"},
      {"gigablocks examined per pick", "search.examined_per_pick"},
  };
  return kMetrics;
}

}  // namespace

std::vector<ComparedMetric> default_metrics(const std::string& gigablock) {
  std::vector<ComparedMetric> result{{gigablock + " pages to be had at the end", "gigablocks.allocatable_1g"}};
  result.insert(result.end(), metrics().begin(), metrics().end());
  return result;
}

Comparison::Comparison(ComparisonPlan plan) : plan_(std::move(plan)) {
  for (const auto& [run, dir] : plan_.results) {
    outcomes_.emplace(dir, recorded_outcome(dir).value_or(RunOutcome{"unfinished", "no summary.json of a whole run"}));
  }
}

std::filesystem::path Comparison::run_dir(const std::string& placement, std::uint64_t seed) const {
  if (plan_.results.empty()) {
    return plan_.dir / fmt::format("{}-{}", placement, seed);
  }
  const auto found = plan_.results.find({placement, seed});
  return found != plan_.results.end() ? found->second : std::filesystem::path();
}

std::optional<PointRun> Comparison::next() {
  if (next_ == total() || !plan_.results.empty()) {
    return std::nullopt;
  }
  const std::string& placement = plan_.placements[next_ % plan_.placements.size()];
  const std::uint64_t seed = plan_.seeds[next_ / plan_.placements.size()];
  ++next_;
  PointRun run{.scenario = plan_.scenario, .dir = run_dir(placement, seed), .settings = plan_.settings, .seed = seed};
  run.settings.push_back("placement=" + placement);
  run.simulated_memory = plan_.simulated_memory;
  return run;
}

void Comparison::ended(const PointRun& run, const RunOutcome& outcome) {
  outcomes_.insert_or_assign(run.dir, outcome);
}

std::size_t Comparison::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(outcomes_, [](const auto& each) { return !each.second.summary; }));
}

std::vector<std::string> Comparison::failures() const {
  std::vector<std::string> result;
  for (const auto& [dir, outcome] : outcomes_) {
    if (!outcome.summary) {
      result.push_back(fmt::format("{}: {}: {}", dir.string(), outcome.outcome, outcome.reason));
    }
  }
  return result;
}

std::vector<double> Comparison::values(const std::string& formula, const std::string& placement) const {
  const Expression expression(formula);
  std::vector<double> result;
  for (const std::uint64_t seed : plan_.seeds) {
    const auto outcome = outcomes_.find(run_dir(placement, seed));
    if (outcome == outcomes_.end() || !outcome->second.summary) {
      continue;
    }
    const RunSummary& summary = *outcome->second.summary;
    const auto value = expression.evaluate([&](std::string_view path) { return summary.value(path); });
    if (value) {
      result.push_back(*value);
    }
  }
  return result;
}

Measured Comparison::measured(const std::string& formula, const std::string& placement) const {
  Measured result{spread_of(values(formula, placement))};
  const Spread first = spread_of(values(formula, plan_.placements.front()));
  if (result.spread.count > 0 && first.count > 0 && first.median != 0) {
    result.ratio = result.spread.median / first.median;
  }
  return result;
}

}  // namespace gbsim
