// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>

#include "sim/metrics/summary.h"
#include "sim/report/plots.h"

namespace gbsim::cli {

/** What this process has cost since @started. */
HostFigures host_figures(std::chrono::steady_clock::time_point started);

/** Tells people what went wrong; false if pictures are missing that could be there. */
bool report_plots(const PlotOutcome& outcome);

/** Draws the pictures of @dir if @plots, says where the results are, and gives the exit status. */
int end_run(const std::filesystem::path& dir, const RunEnding& ending, int signal, bool plots);

}  // namespace gbsim::cli
