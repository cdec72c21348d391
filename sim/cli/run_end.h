// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>

#include "sim/metrics/summary.h"

namespace gbsim::cli {

/** What this process has cost since @started. */
HostFigures host_figures(std::chrono::steady_clock::time_point started);

/** Draws the pictures of @dir if @plots, says where the results are, and gives the exit status. */
int end_run(const std::filesystem::path& dir, const RunEnding& ending, int signal, bool plots);

}  // namespace gbsim::cli
