// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/scenario/reader.h"
#include "sim/sweep/batch.h"

namespace gbsim::cli {

/** Adds the options that bound one run: --timeout, --memory-per-run. */
void add_limit_options(OptionParser& options);
/** What they were set to. Throws UsageError. */
RunLimits limit_options(const OptionParser& options);

/** Adds the options of commands that run many simulations: -j, --timeout, --memory, --memory-per-run. */
void add_batch_options(OptionParser& options);
/** What they were set to. Throws UsageError. */
BatchOptions batch_options(const OptionParser& options);

/** Adds what changes the scenario for all runs: --set, --seed, --duration. */
void add_setting_options(OptionParser& options);
/** What they were set to, as KEY=VALUE. */
std::vector<std::string> setting_options(const OptionParser& options);

/** Runs with one seed after the other: what --seeds was set to, else @usual. Throws UsageError. */
std::uint64_t seeds_option(const OptionParser& options, std::uint64_t usual);

/** @words of --set as overrides. Throws UsageError. */
std::vector<Override> overrides_from(const std::vector<std::string>& words);

/** The scenario with @settings ("KEY=VALUE"), or nullopt after printing every error. */
std::optional<Scenario> read_checked(const std::string& file, const std::vector<std::string>& settings);

}  // namespace gbsim::cli
