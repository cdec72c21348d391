// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gbsim {

/** The numbers of one summary.json under dotted paths, such as "thp.success_rate" or "orders.9.failures". */
class RunSummary {
 public:
  /** Numbers and truths (1 or 0) of @json; nullopt if it is no JSON object. */
  static std::optional<RunSummary> parse(std::string_view json);
  /** nullopt if there is no such file or it is no JSON object. */
  static std::optional<RunSummary> read(const std::filesystem::path& file);

  std::optional<double> value(std::string_view path) const;
  const std::string& outcome() const { return outcome_; }
  /** All paths, sorted. */
  std::vector<std::string_view> paths() const;

 private:
  std::string outcome_;
  std::vector<std::pair<std::string, double>> values_;  // by path
};

/**
 * Whether a summary can have a number under @path. Paths whose last part depends on the run (orders, vmstat,
 * latency_ns) pass; "host" does not, because it differs between equal runs.
 */
bool is_summary_path(std::string_view path);

/** What is wrong with @formula as one over paths of a summary; nullopt if nothing is. */
std::optional<std::string> summary_formula_error(const std::string& formula);
/** "summary.json has no 'X'; did you mean 'Y'?" with a suggestion(). */
std::string no_such_path(std::string_view path);

}  // namespace gbsim
