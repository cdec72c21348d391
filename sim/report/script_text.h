// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/run_files.h"

namespace gbsim {

/** A unit of time that suits the length of a run. */
struct TimeAxis {
  double seconds = 1;  // in one unit
  std::string_view unit = "s";
};

/** The axis for the longest of @runs. */
TimeAxis time_axis(const std::vector<RunFiles>& runs);

/** @text inside a gnuplot string in double quotes, with enhanced-text marks disarmed. */
std::string gnuplot_string(std::string_view text);

/** The path of @file of @run as a script in @out names it. */
std::string data_path(const RunFiles& run, std::string_view file, const std::filesystem::path& out);

/** Borders and tics of all axes. Tics of x and y are set on their own, for `unset tics` may have gone before. */
inline constexpr std::string_view kAxesStyle =
    "set border 3 lc rgb \"#606060\"\nset tics nomirror out textcolor rgb \"#303030\"\n"
    "set xtics nomirror out\nset ytics nomirror out\n";

/** Terminal, output, separators and style: the head of every script. */
std::string script_head(std::string_view name, unsigned width, unsigned height);

/** Pixels that @title takes over a picture. */
double heading_width(std::string_view title);

/** What the runs are, for the title line. */
std::string subject(const std::vector<RunFiles>& runs);

}  // namespace gbsim
