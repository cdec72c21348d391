// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "sim/cli/options.h"
#include "sim/sweep/sweep.h"

namespace gbsim::cli {

/** Adds --engine, its own options, and those of add_batch_options(). */
void add_engine_options(OptionParser& options);
/** Throws UsageError if the engine asked for cannot be used here. */
void check_engine(const OptionParser& options);
/** Throws UsageError if a Slurm job may still write into @dir, unless the command is to collect it. */
void refuse_beside_slurm(const std::filesystem::path& dir, const OptionParser& options);
/** Does what is left of @sweep with the engine asked for, writes the results. Returns the exit status. */
int run_with_engine(Sweep& sweep, const OptionParser& options);

}  // namespace gbsim::cli
