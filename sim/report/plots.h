// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "sim/report/gnuplot.h"

namespace gbsim {

/** What drawing achieved. */
struct PlotOutcome {
  std::vector<std::filesystem::path> pictures;  // written, PNG and SVG
  std::vector<std::string> problems;            // for people: gnuplot missing and how to install it, a failed script
  bool failed = false;                          // pictures are missing that could be there: a full disk
};

/** Runs gnuplot for @jobs, whose scripts are written, and adds to @outcome what came of it. */
void draw_pictures(const std::vector<GnuplotJob>& jobs, PlotOutcome& outcome);

/**
 * Draws every figure of the result directories @dirs into @out (scripts .gp beside PNG and SVG), reading nothing but
 * their files. Several directories are overlaid where a figure allows it.
 */
PlotOutcome draw_plots(std::span<const std::filesystem::path> dirs, const std::filesystem::path& out);

/** draw_plots() of one directory into its own plots/. */
PlotOutcome draw_plots(const std::filesystem::path& dir);

}  // namespace gbsim
