// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/units.h"
#include "sim/scenario/draft.h"
#include "sim/scenario/param_values.h"
#include "sim/scenario/text_file.h"
#include "sim/scenario/timeline_reader.h"
#include "sim/scenario/workload_entry.h"
#include "sim/scenario/yaml_tree.h"

namespace gbsim {
namespace {

constexpr std::array<std::string_view, 5> kSections{"machine", "tunables", "costs", "workloads", "timeline"};
constexpr std::uint64_t kLeastNodeMemory = std::uint64_t{128} << 20;  // boot-time memory, its map, and room

/** Reads one scenario file; the draft holds what could be read. */
class ScenarioReader {
 public:
  ScenarioReader(const YamlValue& root, const ReadOptions& options, const ErrorSink& errors)
      : root_(root), options_(options), errors_(errors) {}

  ScenarioDraft read();

 private:
  void read_top();
  void read_section(std::string_view key, Params& params);
  void read_workloads();
  void add_workload(const YamlValue& entry, ScenarioWorkload workload);
  void read_timeline_section();
  void apply_overrides();
  void check_spans() const;
  void check_whole() const;
  void check_name() const;
  void check_machine() const;
  void require(const Params& params, std::string_view key, std::string_view path) const;
  Mark mark_of(std::string_view key) const;

  const YamlValue& root_;
  const ReadOptions& options_;
  const ErrorSink& errors_;
  ScenarioDraft draft_;
};

void ScenarioReader::read_top() { read_params(root_, draft_.top, errors_, kSections); }

void ScenarioReader::read_section(std::string_view key, Params& params) {
  const YamlValue* section = root_.find(key);
  if (section != nullptr && expect_map(*section, key, errors_)) {
    read_params(*section, params, errors_);
  }
}

void ScenarioReader::read_workloads() {
  const YamlValue* list = root_.find("workloads");
  if (list == nullptr || !expect_list(*list, "workloads", errors_)) {
    return;
  }
  const WorkloadSources sources{options_.models, options_.workload_dirs};
  for (const YamlValue& entry : list->items) {
    for (ScenarioWorkload& workload : resolve_workload(entry, sources, errors_)) {
      add_workload(entry, std::move(workload));
    }
  }
}

void ScenarioReader::add_workload(const YamlValue& entry, ScenarioWorkload workload) {
  if (std::ranges::find(draft_.workloads, workload.name, &ScenarioWorkload::name) != draft_.workloads.end()) {
    errors_.add(entry.at, fmt::format("workload '{}' appears twice; give one a name of its own", workload.name));
  }
  draft_.workloads.push_back(std::move(workload));
}

void ScenarioReader::read_timeline_section() {
  if (const YamlValue* list = root_.find("timeline")) {
    draft_.timeline = read_timeline(*list, draft_.workloads, errors_);
  }
}

void ScenarioReader::apply_overrides() {
  for (const Override& change : options_.overrides) {
    if (auto error = apply_override(draft_, change.key, change.value)) {
      errors_.for_file(change.given_as).add({}, std::move(*error));
    }
  }
  if (!options_.overrides.empty() && errors_.empty()) {
    check_spans();
  }
}

void ScenarioReader::check_spans() const {
  for (const ScenarioWorkload& workload : draft_.workloads) {
    if (workload.stop && *workload.stop <= workload.start.value_or(Ns{0})) {
      errors_.add(mark_of("workloads"), fmt::format("workload '{}': stop must be later than start", workload.name));
    }
  }
}

Mark ScenarioReader::mark_of(std::string_view key) const {
  const YamlValue* value = root_.find(key);
  return value == nullptr ? root_.at : value->at;
}

void ScenarioReader::require(const Params& params, std::string_view key, std::string_view path) const {
  const YamlValue* section = &params == &draft_.machine ? root_.find("machine") : &root_;
  const bool in_file = section != nullptr && section->find(key) != nullptr;
  if (params.is_default(key) && !in_file) {
    errors_.add(section == nullptr ? root_.at : section->at, fmt::format("{} is missing", path));
  }
}

void ScenarioReader::check_name() const {
  const YamlValue* in_file = root_.find("name");
  const bool is_given = (in_file != nullptr && in_file->is_scalar()) || !draft_.top.is_default("name");
  if (is_given && !is_plain_name(draft_.top.text("name"), false)) {
    errors_.add(mark_of("name"), fmt::format("'{}' is no name; letters, digits, '-' and '_' are allowed, up to 64",
                                             draft_.top.text("name")));
  }
}

void ScenarioReader::check_machine() const {
  const Params& machine = draft_.machine;
  if (machine.integer("cpus") < machine.integer("nodes")) {
    errors_.add(mark_of("machine"), fmt::format("machine: {} cpus are too few for {} nodes; every node needs one",
                                                machine.integer("cpus"), machine.integer("nodes")));
  }
  const std::uint64_t least = static_cast<std::uint64_t>(machine.integer("nodes")) * kLeastNodeMemory;
  if (machine.bytes("memory") < least) {
    errors_.add(mark_of("machine"), fmt::format("machine: {} are too little memory for {} nodes; {} are needed",
                                                format_size(machine.bytes("memory")), machine.integer("nodes"),
                                                format_size(least)));
  }
  constexpr double kGib = 1073741824.0;
  const auto memory = static_cast<double>(machine.bytes("memory"));
  if (static_cast<double>(machine.integer("hugetlb_1g")) * kGib + static_cast<double>(machine.bytes("hugetlb_cma")) >=
      memory) {
    errors_.add(mark_of("machine"), fmt::format("machine: hugetlb_1g and hugetlb_cma together must be smaller than "
                                                "memory, {}", format_size(machine.bytes("memory"))));
  }
  if (machine.bytes("movablecore") >= machine.bytes("memory") || machine.bytes("cma") >= machine.bytes("memory")) {
    errors_.add(mark_of("machine"), fmt::format("machine: movablecore and cma must be smaller than memory, {}",
                                                format_size(machine.bytes("memory"))));
  }
}

void ScenarioReader::check_whole() const {
  require(draft_.top, "name", "name");
  require(draft_.top, "duration", "duration");
  require(draft_.machine, "memory", "machine.memory");
  check_name();
  check_machine();
}

ScenarioDraft ScenarioReader::read() {
  read_top();
  read_section("machine", draft_.machine);
  read_section("tunables", draft_.tunables);
  read_section("costs", draft_.costs);
  read_workloads();
  apply_overrides();
  read_timeline_section();
  check_whole();
  return std::move(draft_);
}

/** What @root is if somebody took it for a scenario; empty if it may be one. */
std::string_view other_kind(const YamlValue& root) {
  if (root.find("machine") != nullptr) {
    return {};
  }
  if (looks_like_workload_file(root)) {
    return "a workload, not a scenario; a scenario takes it by 'workloads: [{use: NAME}]'";
  }
  if (root.find("vary") != nullptr) {
    return "a sweep, not a scenario; 'gbsim sweep' runs it";
  }
  return root.find("expect") != nullptr ? "bounds, not a scenario; for validate and --expect" : std::string_view{};
}

/** By file in order of first appearance with @main first, then by place; each error once. */
void sort_errors(Diagnostics& errors, const std::string& main) {
  std::vector<std::string> files{main};
  for (const Diagnostic& error : errors) {
    files.push_back(error.file);
  }
  const auto rank = [&](const Diagnostic& error) {
    return std::pair{std::ranges::find(files, error.file) - files.begin(), error.at};
  };
  std::ranges::stable_sort(errors, {}, rank);
  errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
}

}  // namespace

std::optional<Override> parse_override(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return std::nullopt;
  }
  return Override{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)),
                  fmt::format("--set {}", text)};
}

ReadResult read_scenario_text(std::string_view text, const std::string& file, const ReadOptions& options) {
  ReadResult result;
  const ErrorSink errors(file, result.errors);
  const auto root = parse_yaml(text, errors);
  const std::string_view other = root ? other_kind(*root) : std::string_view{};
  if (!other.empty()) {
    errors.add(root->at, fmt::format("{}", other));
  } else if (root && expect_map(*root, "a scenario", errors)) {
    ScenarioDraft draft = ScenarioReader(*root, options, errors).read();
    if (errors.empty()) {
      result.scenario = to_scenario(std::move(draft));
    }
  }
  sort_errors(result.errors, file);
  return result;
}

ReadResult read_scenario(const std::filesystem::path& path, const ReadOptions& options) {
  Diagnostics errors;
  const auto text = read_text_file(path, ErrorSink(path.string(), errors));
  return text ? read_scenario_text(*text, path.string(), options) : ReadResult{std::nullopt, std::move(errors)};
}

Diagnostics check_text(std::string_view text, const std::filesystem::path& path, const ReadOptions& options) {
  Diagnostics errors;
  const ErrorSink sink(path.string(), errors);
  const auto root = parse_yaml(text, sink);
  if (!root) {
    return errors;
  }
  if (!looks_like_workload_file(*root)) {
    return read_scenario_text(text, path.string(), options).errors;
  }
  check_workload_file(*root, path.stem().string(), WorkloadSources{options.models, options.workload_dirs}, sink);
  sort_errors(errors, path.string());
  return errors;
}

}  // namespace gbsim
