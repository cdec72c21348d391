// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/params.h"
#include "sim/scenario/scenario.h"

namespace gbsim {

/** Scalar keys at the top of a scenario file. */
std::span<const ParamSpec> scenario_specs();
/** Keys under `machine:`. */
std::span<const ParamSpec> machine_specs();
/** Keys under `costs:`: one time for each WorkKind. */
std::span<const ParamSpec> cost_specs();
/** Scalar keys of one element of `workloads:` or of a workload file's `compose:`. */
std::span<const ParamSpec> entry_specs();

/** One kind of timeline action and the keys it takes besides `do`. */
struct ActionSchema {
  ActionKind kind;
  std::span<const ParamSpec> specs;
  std::span<const std::string_view> required;
};

/** By the name under `do:`; nullptr if there is no such action. */
const ActionSchema* find_action(std::string_view name);
std::span<const std::string_view> action_names();

/** Whether @name can be part of file names and dotted keys; @allow_groups admits '/'. */
bool is_plain_name(std::string_view name, bool allow_groups);

}  // namespace gbsim
