// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/trace_files.h"
#include "sim/engine/simulation.h"
#include "sim/scenario/reader.h"

namespace gbsim::cli {

/** What `gbsim run` was asked for. */
struct RunCommand {
  std::string scenario;
  std::optional<std::string> out{};
  std::vector<Override> overrides{};
  bool force = false;
  bool quiet = false;
  bool watch = false;
  bool plots = true;
  RunOptions run{};
  TraceWish trace{};
};

/** The options of `run`; nullopt if only help was asked for. Throws UsageError. */
std::optional<RunCommand> parse_run_command(Arguments arguments);

/** The override that @words of --set mean. Throws UsageError. */
Override override_from(const std::string& words);

}  // namespace gbsim::cli
