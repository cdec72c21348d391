// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/replay_expect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/suggestion.h"
#include "sim/replay/replay_report.h"
#include "sim/sweep/run_summary.h"

namespace gbsim::cli {
namespace {

/** Their parts depend on the recording: counts of what there was none of are left out. */
constexpr std::array<std::string_view, 2> kCounts{"skipped.", "corrections."};

bool is_count(std::string_view path) {
  return std::ranges::any_of(kCounts, [path](std::string_view group) { return path.starts_with(group); });
}

RunSummary numbers_of(std::string_view replay_json) {
  return RunSummary::parse(replay_json).value_or(RunSummary{});
}

std::optional<std::string> replay_formula_error(const std::string& formula) {
  static const RunSummary empty = numbers_of(replay_json(ReplayOutcome{}));
  const auto is_known = [](std::string_view path) {
    return is_count(path) || path.starts_with("exact.by_type.") || empty.value(path).has_value();
  };
  try {
    const Expression expression(formula);
    const auto unknown = std::ranges::find_if_not(expression.names(), is_known);
    if (unknown == expression.names().end()) {
      return std::nullopt;
    }
    return fmt::format("replay.json has no '{}'{}", *unknown, suggestion(*unknown, empty.paths()));
  } catch (const ExpressionError& error) {
    return error.message;
  }
}

Measured measure(const std::string& metric, const RunSummary& numbers) {
  const Expression expression(metric);
  const auto value = expression.evaluate([&](std::string_view path) -> std::optional<double> {
    const auto found = numbers.value(path);
    return found || !is_count(path) ? found : 0.0;
  });
  return Measured{value ? spread_of({*value}) : Spread{}, std::nullopt};
}

}  // namespace

std::vector<Bound> read_replay_bounds(const std::filesystem::path& file, const std::string& recording,
                                      Diagnostics& errors) {
  const std::vector<std::string> subjects{recording};
  return read_bounds(file, subjects, errors, replay_formula_error);
}

bool print_verdicts(const std::vector<Bound>& bounds, const std::string& recording, std::string_view replay_json) {
  const RunSummary numbers = numbers_of(replay_json);
  const std::vector<std::string> subjects{recording};
  const auto measured = [&](const std::string& metric, const std::string&) { return measure(metric, numbers); };
  const std::vector<Verdict> verdicts = judge(bounds, subjects, measured);
  for (const Verdict& verdict : verdicts) {
    fmt::print("{}\n", to_string(verdict));
  }
  return std::ranges::all_of(verdicts, &Verdict::holds);
}

}  // namespace gbsim::cli
