// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"

namespace gbsim {

/** A scenario while its keys are collected from the file and the command line. */
struct ScenarioDraft {
  Params top{scenario_specs()};
  Params machine{machine_specs()};
  Params tunables{tunable_specs()};
  Params costs{cost_specs()};
  std::vector<ScenarioWorkload> workloads;
  std::vector<TimelineAction> timeline;
};

/** Changes one key by its dotted path; returns what is wrong and what is allowed, or nullopt. */
std::optional<std::string> apply_override(ScenarioDraft& draft, std::string_view key, std::string_view value);

/** The finished scenario. */
Scenario to_scenario(ScenarioDraft draft);

}  // namespace gbsim
