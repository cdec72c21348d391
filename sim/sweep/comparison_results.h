// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <span>

#include "sim/sweep/comparison.h"

namespace gbsim {

/**
 * Compares what lies in @dirs, results of completed runs; nothing is run. Runs of one placement are its seeds, unless
 * two have one seed or scenarios differ: then every directory stands for itself. What run_differences() finds is a
 * warning. Its metrics and its directory are the caller's to set. Throws std::invalid_argument that names a directory
 * without such results.
 */
ComparisonPlan plan_for_results(std::span<const std::filesystem::path> dirs);

}  // namespace gbsim
