// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/model_catalog.h"
#include "sim/scenario/scenario.h"

namespace gbsim {

/** One key changed from outside the file. */
struct Override {
  std::string key;       // "duration", "machine.memory", "vm.swappiness", "costs.zero_page", "workloads.NAME.KEY"
  std::string value;
  std::string given_as;  // how the user wrote it, for messages: "--set duration=1h"
};

/** What reading needs besides the file. */
struct ReadOptions {
  const ModelCatalog& models;
  std::vector<std::filesystem::path> workload_dirs{};  // where `use: NAME` finds NAME.yaml, in order
  std::vector<Override> overrides{};                   // later ones win
};

/** A scenario, or every error of the file and of the files it uses, sorted by place. */
struct ReadResult {
  std::optional<Scenario> scenario;
  Diagnostics errors;
};

/** "KEY=VALUE" of --set; nullopt if there is no '='. */
std::optional<Override> parse_override(std::string_view text);

ReadResult read_scenario(const std::filesystem::path& path, const ReadOptions& options);
/** @file is the name that errors carry. */
ReadResult read_scenario_text(std::string_view text, const std::string& file, const ReadOptions& options);

/** Every error of the @text of a scenario or workload file; which of them it is shows in its keys. */
Diagnostics check_text(std::string_view text, const std::filesystem::path& path, const ReadOptions& options);

}  // namespace gbsim
