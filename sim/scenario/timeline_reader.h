// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml_tree.h"

namespace gbsim {

/** The actions of `timeline:` in order of time, ties in file order; they may name @workloads only. */
std::vector<TimelineAction> read_timeline(const YamlValue& list, std::span<const ScenarioWorkload> workloads,
                                          const ErrorSink& errors);

}  // namespace gbsim
