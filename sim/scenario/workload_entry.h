// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/model_catalog.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml_tree.h"

namespace gbsim {

/** Where workload files and models come from. */
struct WorkloadSources {
  const ModelCatalog& models;
  std::span<const std::filesystem::path> dirs;
};

/** Resolves one element of `workloads:` into model instances, through workload files and their compositions. */
std::vector<ScenarioWorkload> resolve_workload(const YamlValue& entry, const WorkloadSources& sources,
                                               const ErrorSink& errors);

/** Checks a workload file for itself, as if it were used once with nothing changed. */
void check_workload_file(const YamlValue& file, const std::string& name, const WorkloadSources& sources,
                         const ErrorSink& errors);

/** Whether the keys of @root are those of a workload file. */
bool looks_like_workload_file(const YamlValue& root);

}  // namespace gbsim
