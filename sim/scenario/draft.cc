// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/units.h"
#include "sim/scenario/param_values.h"

namespace gbsim {
namespace {

using Error = std::optional<std::string>;

/** One group of keys and the prefix it has on the command line. */
struct Section {
  std::string_view prefix;
  Params ScenarioDraft::* params;
  bool needs_prefix;
};

constexpr std::array kSections{
    Section{"", &ScenarioDraft::top, false},
    Section{"machine.", &ScenarioDraft::machine, true},
    Section{"tunables.", &ScenarioDraft::tunables, false},
    Section{"costs.", &ScenarioDraft::costs, true},
};

constexpr std::string_view kWorkloads = "workloads.";

/** Why a key of a scenario that is no single value cannot be set; nullopt if @key is none of those. */
Error not_a_value(std::string_view key) {
  const std::string_view top = key.substr(0, key.find_first_of(".["));
  if (top == "timeline" || key == "workloads" || key.starts_with("workloads[")) {
    return fmt::format("{}: is a list; lists are set in a file{}", top,
                       top == "timeline" ? "" : ", keys of a workload by workloads.NAME.KEY=VALUE");
  }
  const auto is_map = [map = std::string(key) + "."](const Section& section) { return section.prefix == map; };
  if (const auto map = std::ranges::find_if(kSections, is_map); map != kSections.end()) {
    return fmt::format("{}: is a map; its keys are set one by one, {}KEY=VALUE", key, map->prefix);
  }
  return std::nullopt;
}

std::string unknown_override(const ScenarioDraft& draft, std::string_view key) {
  std::vector<std::string> names;
  for (const Section& section : kSections) {
    for (const ParamSpec& spec : (draft.*section.params).schema()) {
      names.push_back((section.needs_prefix ? std::string(section.prefix) : std::string()).append(spec.name));
    }
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string told = unknown_name("key", key, known);
  return told.ends_with('?') ? told : told + "; 'gbsim tunables' lists most";
}

Error set_entry_time(std::optional<Ns>& field, std::string_view key, std::string_view value) {
  Params params(entry_specs());
  auto error = params.set(key, value);
  field = error ? field : std::optional{params.time(key)};
  return error;
}

Error set_scale(ScenarioWorkload& workload, std::string_view value) {
  Params params(entry_specs());
  auto error = params.set("scale", value);
  workload.scale = error ? workload.scale : params.real("scale");
  return error;
}

Error set_in_workload(ScenarioWorkload& workload, std::string_view key, std::string_view value) {
  if (key == "scale") {
    return set_scale(workload, value);
  }
  if (key == "start" || key == "stop") {
    return set_entry_time(key == "start" ? workload.start : workload.stop, key, value);
  }
  const std::string_view bare = key.starts_with("set.") ? key.substr(4) : key;
  const ParamSpec* spec = workload.params.find(bare);
  if (spec == nullptr) {
    return unknown_key(bare, workload.params.schema());
  }
  if (spec->type == ParamType::list) {
    return fmt::format("{}: is a list; lists are set in a file", bare);
  }
  return workload.params.set(bare, value);
}

Error apply_to_workloads(ScenarioDraft& draft, std::string_view path, std::string_view value) {
  const auto name = path.substr(0, path.find('.'));
  if (name.size() == path.size()) {
    return fmt::format("'{}{}' is no key; the form is workloads.NAME.KEY=VALUE", kWorkloads, path);
  }
  Error error;
  bool found = false;
  for (ScenarioWorkload& workload : draft.workloads) {
    if (names_workload(name, workload.name)) {
      found = true;
      const Error refused = set_in_workload(workload, path.substr(name.size() + 1), value);
      error = error ? error : refused;
    }
  }
  if (found) {
    return error;
  }
  std::vector<std::string_view> known;
  for (const ScenarioWorkload& workload : draft.workloads) {
    known.push_back(workload.name);
  }
  const std::string told = unknown_name("workload", name, known);
  return fmt::format("{}{} form is workloads.NAME.KEY=VALUE", told, told.ends_with('?') ? " The" : "; the");
}

ScenarioMachine to_machine(const Params& params) {
  return ScenarioMachine{.nodes = static_cast<unsigned>(params.integer("nodes")),
                         .cpus = static_cast<unsigned>(params.integer("cpus")),
                         .memory = params.bytes("memory"),
                         .movablecore = params.bytes("movablecore"),
                         .cma = params.bytes("cma"),
                         .hugetlb_1g = static_cast<unsigned>(params.integer("hugetlb_1g")),
                         .hugetlb_cma = params.bytes("hugetlb_cma"),
                         .gigablock_order = static_cast<unsigned>(params.integer("gigablock_order"))};
}

CostTable to_costs(const Params& params) {
  CostTable costs;
  for (const CostEntry& entry : default_costs()) {
    costs.set(entry.kind, params.time(entry.name));
  }
  return costs;
}

}  // namespace

std::optional<std::string> apply_override(ScenarioDraft& draft, std::string_view key, std::string_view value) {
  if (key.starts_with(kWorkloads)) {
    return apply_to_workloads(draft, key.substr(kWorkloads.size()), value);
  }
  for (const Section& section : kSections) {
    Params& params = draft.*section.params;
    const bool prefixed = key.starts_with(section.prefix);
    const std::string_view bare = prefixed ? key.substr(section.prefix.size()) : key;
    if ((prefixed || !section.needs_prefix) && params.find(bare) != nullptr) {
      return params.set(bare, value);
    }
  }
  const Error refused = not_a_value(key);
  return refused ? refused : unknown_override(draft, key);
}

Scenario to_scenario(ScenarioDraft draft) {
  Scenario scenario;
  scenario.name = draft.top.text("name");
  scenario.machine = to_machine(draft.machine);
  scenario.warmup = draft.top.time("warmup");
  scenario.duration = draft.top.time("duration");
  scenario.seed = static_cast<std::uint64_t>(draft.top.integer("seed"));
  scenario.sample = draft.top.time("sample");
  scenario.placement = draft.top.text("placement");
  scenario.pcp = draft.top.text("pcp");
  scenario.tunables = std::move(draft.tunables);
  scenario.costs = to_costs(draft.costs);
  scenario.workloads = std::move(draft.workloads);
  scenario.timeline = std::move(draft.timeline);
  return scenario;
}

}  // namespace gbsim
