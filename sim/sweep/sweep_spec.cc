// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>

#include "sim/base/params.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/scenario/param_values.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/yaml_tree.h"
#include "sim/sweep/run_summary.h"

namespace gbsim {
namespace {

using Kind = YamlValue::Kind;

constexpr std::size_t kMostPoints = 1'000'000;

constexpr std::array kTopSpecs{
    ParamSpec{"name", ParamType::text, "", "names the result directory"},
    ParamSpec{"description", ParamType::text, "", "for readers"},
    ParamSpec{"base", ParamType::text, "", "scenario file"},
    ParamSpec{"method", ParamType::choice, "grid", "layout", "", 0, 0, "grid|random|latin-hypercube|sobol"},
    ParamSpec{"points", ParamType::integer, "1", "drawn", "", 1, kMostPoints},
    ParamSpec{"seed", ParamType::integer, "1", "of the drawing", "", 0, 0x1p63},
    ParamSpec{"seeds", ParamType::integer, "1", "runs of each point", "", 1, 10000},
};
constexpr std::array<std::string_view, 7> kSections{"set", "vary", "where", "metrics", "maximise", "minimise", "until"};

constexpr std::array kRangeSpecs{
    ParamSpec{"from", ParamType::text, "", "first value"},
    ParamSpec{"to", ParamType::text, "", "last value"},
    ParamSpec{"steps", ParamType::integer, "5", "levels of a grid", "", 1, kMostPoints},
    ParamSpec{"scale", ParamType::choice, "linear", "spacing", "", 0, 0, "linear|log"},
};

constexpr std::array kUntilSpecs{
    ParamSpec{"confidence", ParamType::share, "95%", "of the interval", "", 0.5, 0.9999},
    ParamSpec{"width", ParamType::share, "5%", "of the interval over the mean", "", 0.0001, 10},
    ParamSpec{"max_seeds", ParamType::integer, "20", "at most so many runs of a point", "", 2, 10000},
};

/** @error lies in @setting itself, not in what the setting makes of the scenario. */
bool is_about(const Diagnostic& error, const std::string& setting) {
  const auto override = parse_override(setting);
  return override && error.file == override->given_as;
}

/** Reads one sweep file. */
class SweepReader {
 public:
  SweepReader(const YamlValue& root, const std::filesystem::path& file, const SettingsCheck& check,
              const ErrorSink& errors)
      : root_(root), file_(file), check_(check), errors_(errors) {}

  SweepSpec read();

 private:
  void read_top();
  void read_settings();
  void read_vary();
  const YamlValue* required_map(std::string_view key, std::string_view what);
  Axis read_axis(const YamlEntry& entry);
  std::optional<Range> read_range(const YamlValue& value);
  void try_levels(const YamlEntry& entry, const Axis& axis);
  void try_level(Mark at, const std::string& setting, std::vector<std::string>& told);
  void read_where();
  void read_metrics();
  void read_objectives(std::string_view key, bool maximise);
  void read_until();
  void read_until_text(const YamlValue& value, StopRule& rule);
  std::vector<std::string> read_names(const YamlValue& list, std::string_view what);
  std::optional<Expression> read_formula(const YamlValue& value, bool with_summary);
  bool is_axis(std::string_view name) const;
  void check_whole();
  Mark mark_of(std::string_view key) const { return root_.find(key) == nullptr ? root_.at : root_.find(key)->at; }

  const YamlValue& root_;
  const std::filesystem::path& file_;
  const SettingsCheck& check_;
  const ErrorSink& errors_;
  bool base_reads_ = false;
  SweepSpec spec_;
};

void SweepReader::read_top() {
  Params top(kTopSpecs);
  read_params(root_, top, errors_, kSections);
  spec_.name = top.is_default("name") ? file_.stem().string() : top.text("name");
  if (!is_plain_name(spec_.name, false)) {
    errors_.add(mark_of("name"), fmt::format("'{}' is no name; letters, digits, '-' and '_' are allowed", spec_.name));
  }
  spec_.base = std::filesystem::path(file_).parent_path() / top.text("base");
  for (const Method method : {Method::grid, Method::random, Method::latin_hypercube, Method::sobol}) {
    spec_.method = method_name(method) == top.text("method") ? method : spec_.method;
  }
  spec_.points = static_cast<std::size_t>(top.integer("points"));
  spec_.seed = static_cast<std::uint64_t>(top.integer("seed"));
  spec_.seeds = static_cast<std::size_t>(top.integer("seeds"));
}

void SweepReader::read_settings() {
  const YamlValue* map = root_.find("set");
  if (map != nullptr && expect_map(*map, "set", errors_)) {
    for (const YamlEntry& entry : map->entries) {
      spec_.settings.push_back(entry.key + "=" + entry.value.text);
    }
  }
  const YamlValue* base = root_.find("base");
  if (base == nullptr || base->text.empty()) {
    errors_.add(mark_of("base"), "base is missing: the scenario to vary");
    return;
  }
  base_reads_ = true;
  for (const Diagnostic& error : check_(spec_.base, spec_.settings)) {
    base_reads_ = false;
    const auto wrong = std::ranges::find_if(spec_.settings, [&](const std::string& s) { return is_about(error, s); });
    if (wrong == spec_.settings.end()) {
      errors_.add(base->at, to_string(error));
    } else {
      errors_.add(map->entries[static_cast<std::size_t>(wrong - spec_.settings.begin())].value.at, error.message);
    }
  }
}

/** The map @key of @what; nullptr after saying so if it is not there, no map, or empty. */
const YamlValue* SweepReader::required_map(std::string_view key, std::string_view what) {
  const YamlValue* map = root_.find(key);
  if (map == nullptr) {
    errors_.add(root_.at, fmt::format("{} is missing: a map of {}", key, what));
    return nullptr;
  }
  if (!expect_map(*map, key, errors_)) {
    return nullptr;
  }
  if (map->entries.empty()) {
    errors_.add(map->at, fmt::format("{} is empty: a map of {} is needed", key, what));
    return nullptr;
  }
  return map;
}

std::optional<Range> SweepReader::read_range(const YamlValue& value) {
  Params params(kRangeSpecs);
  read_params(value, params, errors_);
  auto range = parse_range(params.text("from"), params.text("to"));
  if (!range) {
    errors_.add(value.at, "a range needs from and to: two numbers, sizes, times or shares");
    return std::nullopt;
  }
  range->steps = static_cast<std::size_t>(params.integer("steps"));
  range->logarithmic = params.text("scale") == "log";
  if (range->logarithmic && (range->from <= 0 || range->to <= 0)) {
    errors_.add(value.at, "a log range needs ends above zero");
    return std::nullopt;
  }
  return range;
}

Axis SweepReader::read_axis(const YamlEntry& entry) {
  Axis axis{.key = entry.key};
  if (entry.value.kind == Kind::map) {
    axis.range = read_range(entry.value);
    return axis;
  }
  std::ranges::transform(entry.value.items, std::back_inserter(axis.values), &YamlValue::text);
  if (axis.values.empty()) {
    errors_.add(entry.value.at, fmt::format("{}: a list of values or a range {{from, to, steps, scale}}", entry.key));
  }
  return axis;
}

void SweepReader::try_levels(const YamlEntry& entry, const Axis& axis) {
  std::vector<std::string> told;
  for (const YamlValue& item : entry.value.items) {
    if (item.is_scalar()) {
      try_level(item.at, fmt::format("{}={}", axis.key, item.text), told);
    } else {
      errors_.add(item.at, fmt::format("{}: a single value is needed, not {}", entry.key, kind_name(item.kind)));
    }
  }
  for (const double end : axis.range ? std::vector{0.0, 1.0} : std::vector<double>{}) {
    try_level(entry.value.at, fmt::format("{}={}", axis.key, axis.at(end)), told);
  }
}

/** What is wrong with @setting or, if the base is right, comes of it; nothing that was @told of another level. */
void SweepReader::try_level(Mark at, const std::string& setting, std::vector<std::string>& told) {
  std::vector<std::string> settings = spec_.settings;
  settings.push_back(setting);
  for (const Diagnostic& error : check_(spec_.base, settings)) {
    const bool is_its_own = is_about(error, setting);
    const std::string message = is_its_own ? error.message : to_string(error);
    if ((is_its_own || base_reads_) && std::ranges::find(told, message) == told.end()) {
      errors_.add(at, told.emplace_back(message));
    }
  }
}

void SweepReader::read_vary() {
  const YamlValue* map = required_map("vary", "keys to lists or ranges");
  if (map == nullptr) {
    return;
  }
  for (const YamlEntry& entry : map->entries) {
    if (entry.key == "seed") {
      errors_.add(entry.at, "the seed is not varied: 'seeds: N' repeats every point with N of them");
    }
    spec_.axes.push_back(read_axis(entry));
    try_levels(entry, spec_.axes.back());
  }
}

bool SweepReader::is_axis(std::string_view name) const {
  return std::ranges::any_of(spec_.axes, [&](const Axis& axis) { return expression_name(axis.key) == name; });
}

std::optional<Expression> SweepReader::read_formula(const YamlValue& value, bool with_summary) {
  try {
    Expression formula(value.text);
    const auto is_known = [&](const std::string& name) {
      return is_axis(name) || (with_summary && is_summary_path(name));
    };
    const auto unknown = std::ranges::find_if_not(formula.names(), is_known);
    if (unknown == formula.names().end()) {
      return formula;
    }
    throw ExpressionError{with_summary ? no_such_path(*unknown) : fmt::format("'{}' is not varied here", *unknown)};
  } catch (const ExpressionError& error) {
    errors_.add(value.at, error.message);
    return std::nullopt;
  }
}

void SweepReader::read_where() {
  const YamlValue* list = root_.find("where");
  if (list == nullptr || !expect_list(*list, "where", errors_)) {
    return;
  }
  for (const YamlValue& item : list->items) {
    if (auto formula = read_formula(item, false)) {
      spec_.filters.push_back(std::move(*formula));
    }
  }
}

void SweepReader::read_metrics() {
  const YamlValue* map = required_map("metrics", "names to formulas over summary.json");
  if (map == nullptr) {
    return;
  }
  for (const YamlEntry& entry : map->entries) {
    if (!is_plain_name(entry.key, false)) {
      errors_.add(entry.at, fmt::format("'{}' is no name; letters, digits, '-' and '_' are allowed", entry.key));
    }
    constexpr std::array<std::string_view, 6> kColumns{"point", "seed", "outcome", "reason", "rank", "metric"};
    const auto is_same = [name = lower_case(entry.key)](std::string_view column) { return lower_case(column) == name; };
    if (std::ranges::any_of(kColumns, is_same) || is_axis(expression_name(entry.key)) ||
        std::ranges::any_of(spec_.metrics, is_same, &SweepMetric::name)) {
      errors_.add(entry.at, fmt::format("'{}' is a column of the results already, capitals aside; choose another name",
                                        entry.key));
    }
    if (auto formula = read_formula(entry.value, true)) {
      spec_.metrics.push_back({entry.key, std::move(*formula)});
    }
  }
}

std::vector<std::string> SweepReader::read_names(const YamlValue& list, std::string_view what) {
  std::vector<std::string_view> known;
  const YamlValue* metrics = root_.find("metrics");
  for (std::size_t i = 0; metrics != nullptr && i < metrics->entries.size(); ++i) {
    known.push_back(metrics->entries[i].key);
  }
  std::vector<std::string> names;
  for (const YamlValue& item : expect_list(list, what, errors_) ? list.items : std::vector<YamlValue>{}) {
    names.push_back(item.text);
    if (std::ranges::find(known, item.text) == known.end()) {
      errors_.add(item.at, unknown_name("metric", item.text, known));
    }
  }
  return names;
}

void SweepReader::read_objectives(std::string_view key, bool maximise) {
  const YamlValue* list = root_.find(key);
  for (std::string& name : list != nullptr ? read_names(*list, key) : std::vector<std::string>{}) {
    if (std::ranges::find(spec_.objectives, name, &Objective::metric) != spec_.objectives.end()) {
      errors_.add(list->at, fmt::format("{}: '{}' is an objective already", key, name));
    }
    spec_.objectives.push_back({std::move(name), maximise});
  }
}

/** "confidence 95% width < 5%" */
void SweepReader::read_until_text(const YamlValue& value, StopRule& rule) {
  std::istringstream words(value.text);
  std::string confidence, width, below, share, limit, rest;
  words >> confidence >> share >> width >> below >> limit;
  const auto level = parse_share(share);
  const auto most = parse_share(limit);
  if (confidence != "confidence" || width != "width" || below != "<" || !level || !most || words >> rest) {
    errors_.add(value.at, "until: 'confidence 95% width < 5%', or a map of confidence, width, metrics, max_seeds");
    return;
  }
  rule.confidence = *level;
  rule.width = *most;
}

void SweepReader::read_until() {
  const YamlValue* value = root_.find("until");
  if (value == nullptr) {
    return;
  }
  StopRule rule;
  if (value->kind == Kind::scalar) {
    read_until_text(*value, rule);
  } else if (expect_map(*value, "until", errors_)) {
    constexpr std::array<std::string_view, 1> kMetrics{"metrics"};
    Params params(kUntilSpecs);
    read_params(*value, params, errors_, kMetrics);
    rule.confidence = params.real("confidence");
    rule.width = params.real("width");
    rule.max_seeds = static_cast<std::size_t>(params.integer("max_seeds"));
    const YamlValue* names = value->find("metrics");
    rule.metrics = names != nullptr ? read_names(*names, "metrics") : rule.metrics;
  }
  for (const Objective& objective : spec_.objectives) {
    rule.metrics.insert(rule.metrics.end(), value->find("metrics") == nullptr ? 1 : 0, objective.metric);
  }
  if (rule.metrics.empty()) {
    errors_.add(value->at, "until: names no metrics, and there are no objectives to watch");
  }
  spec_.until = std::move(rule);
}

void SweepReader::check_whole() {
  const YamlValue* drawn = root_.find("points");
  if (spec_.method != Method::grid && drawn == nullptr) {
    errors_.add(root_.at, fmt::format("points is missing: how many {} draws", method_name(spec_.method)));
  }
  if (spec_.method == Method::grid && drawn != nullptr) {
    errors_.add(drawn->at,
                "points: a grid has every combination; to draw some, choose random, latin-hypercube or sobol");
  }
  double points = 1;
  for (const Axis& axis : spec_.axes) {
    points *= static_cast<double>(axis.range ? axis.range->steps : axis.values.size());
  }
  if (spec_.method == Method::grid && points > static_cast<double>(kMostPoints)) {
    errors_.add(root_.at, fmt::format("a grid of {:.0f} points; at most {} are allowed", points, kMostPoints));
  }
}

SweepSpec SweepReader::read() {
  read_top();
  read_settings();
  read_vary();
  read_where();
  read_metrics();
  read_objectives("maximise", true);
  read_objectives("minimise", false);
  read_until();
  check_whole();
  return std::move(spec_);
}

}  // namespace

std::optional<SweepSpec> read_sweep(std::string_view text, const std::filesystem::path& file,
                                    const SettingsCheck& check, Diagnostics& errors) {
  const ErrorSink sink(file.string(), errors);
  const auto root = parse_yaml(text, sink);
  if (!root || !expect_map(*root, "a sweep", sink)) {
    return std::nullopt;
  }
  if (root->find("vary") == nullptr && root->find("machine") != nullptr) {
    sink.add(root->at, "a scenario, not a sweep; 'gbsim run' runs it");
    return std::nullopt;
  }
  SweepSpec spec = SweepReader(*root, file, check, sink).read();
  std::ranges::stable_sort(errors, {}, &Diagnostic::at);
  return errors.empty() ? std::optional(std::move(spec)) : std::nullopt;
}

bool looks_like_sweep(std::string_view text) {
  Diagnostics ignored;
  const auto root = parse_yaml(text, ErrorSink({}, ignored));
  return root && root->find("vary") != nullptr;
}

}  // namespace gbsim
