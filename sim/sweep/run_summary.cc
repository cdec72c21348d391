// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/run_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/base/suggestion.h"
#include "sim/metrics/summary.h"
#include "sim/sweep/expression.h"

namespace gbsim {
namespace {

using Json = nlohmann::json;
using Values = std::vector<std::pair<std::string, double>>;

constexpr std::array<std::string_view, 4> kOpenGroups{"orders.", "vmstat.", "latency_ns.", "search."};

void flatten(const Json& json, const std::string& path, Values& values) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      flatten(value, path.empty() ? key : path + "." + key, values);
    }
  } else if (json.is_number()) {
    values.emplace_back(path, json.get<double>());
  } else if (json.is_boolean()) {
    values.emplace_back(path, json.get<bool>() ? 1 : 0);
  }
}

/** A summary without a run: its paths are those that every run has. */
const RunSummary& empty_summary() {
  static const RunSummary summary = RunSummary::parse(summary_json({}, Sample{}, {}, {})).value_or(RunSummary{});
  return summary;
}

}  // namespace

std::optional<RunSummary> RunSummary::parse(std::string_view json) {
  const Json root = Json::parse(json, nullptr, false);
  if (!root.is_object()) {
    return std::nullopt;
  }
  RunSummary summary;
  const auto outcome = root.find("outcome");
  summary.outcome_ = outcome != root.end() && outcome->is_string() ? outcome->get<std::string>() : std::string();
  flatten(root, "", summary.values_);
  std::ranges::sort(summary.values_);
  return summary;
}

std::optional<RunSummary> RunSummary::read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return std::nullopt;
  }
  return parse(std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
}

std::optional<double> RunSummary::value(std::string_view path) const {
  const auto found = std::ranges::lower_bound(values_, path, {}, &Values::value_type::first);
  return found != values_.end() && found->first == path ? std::optional(found->second) : std::nullopt;
}

std::vector<std::string_view> RunSummary::paths() const {
  std::vector<std::string_view> result;
  for (const auto& [path, value] : values_) {
    result.push_back(path);
  }
  return result;
}

bool is_summary_path(std::string_view path) {
  if (path.starts_with("host.")) {
    return false;
  }
  const auto opens = [&](std::string_view group) { return path.starts_with(group) && path.size() > group.size(); };
  return std::ranges::any_of(kOpenGroups, opens) || empty_summary().value(path).has_value();
}

std::string no_such_path(std::string_view path) {
  std::vector<std::string_view> known = empty_summary().paths();
  std::erase_if(known, [](std::string_view name) { return name.starts_with("host."); });
  return fmt::format("summary.json has no '{}'{}", path, suggestion(path, known));
}

std::optional<std::string> summary_formula_error(const std::string& formula) {
  try {
    const Expression expression(formula);
    const auto unknown = std::ranges::find_if_not(expression.names(), is_summary_path);
    return unknown == expression.names().end() ? std::nullopt : std::optional(no_such_path(*unknown));
  } catch (const ExpressionError& error) {
    return error.message;
  }
}

}  // namespace gbsim
