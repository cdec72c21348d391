// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/report/run_files.h"
#include "sim/sweep/run_differences.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

RunFiles run_in(const fs::path& dir) {
  const auto outcome = recorded_outcome(dir);
  const auto run = read_run(dir);
  if (!outcome || !outcome->summary || !run) {
    throw std::invalid_argument(fmt::format("{}: no results of a completed run", dir.string()));
  }
  return *run;
}

std::uint64_t seed_of(const RunFiles& run) {
  std::uint64_t seed = 0;
  std::from_chars(run.seed.data(), run.seed.data() + run.seed.size(), seed);
  return seed;
}

/** The runs are one scenario under several placements with several seeds, as a comparison would have run them. */
bool are_one_comparison(const std::vector<RunFiles>& runs) {
  std::set<std::pair<std::string, std::string>> seen;
  return std::ranges::all_of(runs, [&](const RunFiles& run) {
    return run.scenario == runs.front().scenario && seen.emplace(run.placement, run.seed).second;
  });
}

/** The last part of @dir that is a name. */
std::string name_of(const fs::path& dir) {
  return fs::absolute(dir / ".").lexically_normal().parent_path().filename().string();
}

template <class Value>
void add_once(std::vector<Value>& values, const Value& value) {
  if (std::ranges::find(values, value) == values.end()) {
    values.push_back(value);
  }
}

}  // namespace

ComparisonPlan plan_for_results(std::span<const fs::path> dirs) {
  std::vector<RunFiles> runs;
  std::ranges::transform(dirs, std::back_inserter(runs), run_in);
  const bool by_placement = are_one_comparison(runs);
  ComparisonPlan plan;
  for (const RunFiles& run : runs) {
    std::string subject = by_placement ? run.placement : name_of(run.dir);
    const std::uint64_t seed = by_placement ? seed_of(run) : 1;
    while (plan.results.contains({subject, seed})) {
      subject += "'";
    }
    add_once(plan.placements, subject);
    add_once(plan.seeds, seed);
    plan.results.emplace(std::pair{subject, seed}, run.dir);
  }
  plan.name = runs.front().scenario;
  if (auto differences = run_differences(dirs)) {
    plan.warnings.push_back(std::move(*differences));
  }
  return plan;
}

}  // namespace gbsim
