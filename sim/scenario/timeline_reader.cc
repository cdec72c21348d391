// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/timeline_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "sim/scenario/param_values.h"
#include "sim/scenario/schema.h"

namespace gbsim {
namespace {

constexpr std::array<std::string_view, 1> kDo{"do"};

/** The kind of @element; reports what is wrong with its `do`. */
const ActionSchema* read_kind(const YamlValue& element, const ErrorSink& errors) {
  const YamlValue* action = element.find("do");
  if (action == nullptr) {
    errors.add(element.at, fmt::format("a timeline action needs do: {}", fmt::join(action_names(), ", ")));
    return nullptr;
  }
  if (!action->is_scalar()) {
    errors.add(action->at, fmt::format("do: an action is needed, not {}; {} are allowed", kind_name(action->kind),
                                       fmt::join(action_names(), ", ")));
    return nullptr;
  }
  const ActionSchema* schema = find_action(action->text);
  if (schema == nullptr) {
    errors.add(action->at, unknown_name("action", action->text, action_names()));
  }
  return schema;
}

bool has_required_keys(const YamlValue& element, const ActionSchema& schema, const ErrorSink& errors) {
  bool complete = true;
  for (const std::string_view key : schema.required) {
    if (element.find(key) == nullptr) {
      errors.add(element.at, fmt::format("{} needs {}", action_name(schema.kind), key));
      complete = false;
    }
  }
  return complete;
}

void check_tunable(const YamlValue& element, const TimelineAction& action, const ErrorSink& errors) {
  Tunables scratch;
  if (Params(tunable_specs()).find(action.tunable) == nullptr) {
    errors.add(element.find("tunable")->at, unknown_key(action.tunable, tunable_specs()));
  } else if (auto error = set_tunable(scratch, action.tunable, action.value)) {
    errors.add(element.find("value")->at, std::move(*error));
  }
}

void check_workload(const YamlValue& element, const TimelineAction& action,
                    std::span<const ScenarioWorkload> workloads, const ErrorSink& errors) {
  const auto is_meant = [&](const ScenarioWorkload& w) { return names_workload(action.workload, w.name); };
  if (std::ranges::any_of(workloads, is_meant)) {
    return;
  }
  std::vector<std::string_view> known;
  for (const ScenarioWorkload& workload : workloads) {
    known.push_back(workload.name);
  }
  errors.add(element.find("workload")->at, unknown_name("workload", action.workload, known));
}

TimelineAction to_action(const YamlValue& element, const Params& params, ActionKind kind) {
  TimelineAction action;
  action.at = params.time("at");
  action.kind = kind;
  if (params.find("count") != nullptr) {
    action.count = static_cast<unsigned>(params.integer("count"));
  }
  if (params.find("hold") != nullptr && element.find("hold") != nullptr) {
    action.hold = params.time("hold");
  }
  if (params.find("tunable") != nullptr) {
    action.tunable = params.text("tunable");
    action.value = params.text("value");
  }
  if (params.find("workload") != nullptr) {
    action.workload = params.text("workload");
  }
  return action;
}

std::optional<TimelineAction> read_action(const YamlValue& element, std::span<const ScenarioWorkload> workloads,
                                          const ErrorSink& errors) {
  const ActionSchema* schema =
      expect_map(element, "a timeline action", errors) ? read_kind(element, errors) : nullptr;
  if (schema == nullptr) {
    return std::nullopt;
  }
  Params params(schema->specs);
  read_params(element, params, errors, kDo);
  if (!has_required_keys(element, *schema, errors)) {
    return std::nullopt;
  }
  TimelineAction action = to_action(element, params, schema->kind);
  if (action.kind == ActionKind::set) {
    check_tunable(element, action, errors);
  }
  if (!action.workload.empty() || element.find("workload") != nullptr) {
    check_workload(element, action, workloads, errors);
  }
  return action;
}

}  // namespace

std::vector<TimelineAction> read_timeline(const YamlValue& list, std::span<const ScenarioWorkload> workloads,
                                          const ErrorSink& errors) {
  std::vector<TimelineAction> actions;
  if (!expect_list(list, "timeline", errors)) {
    return actions;
  }
  for (const YamlValue& element : list.items) {
    if (auto action = read_action(element, workloads, errors)) {
      actions.push_back(std::move(*action));
    }
  }
  std::ranges::stable_sort(actions, {}, &TimelineAction::at);
  return actions;
}

}  // namespace gbsim
