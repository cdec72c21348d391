// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/report/figure.h"
#include "sim/report/run_files.h"

namespace gbsim {

/**
 * The gnuplot script of @figure for @runs, to stand in directory @out. It names its data by paths relative to @out,
 * and draws PNG, or SVG if started with format='svg'. One run: all series of a panel share it. Several runs: a panel
 * for each series, where runs can be compared.
 */
std::string figure_script(const Figure& figure, const std::vector<RunFiles>& runs, const std::filesystem::path& out);

/** The script of the map: time across, gigablocks down, coloured by what they hold; one panel a run. */
std::string map_script(const std::vector<RunFiles>& runs, const std::filesystem::path& out);

/** Name of the map's files. */
inline constexpr std::string_view kMapName = "gigablock_map";

}  // namespace gbsim
