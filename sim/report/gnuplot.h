// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gbsim {

/** One run of gnuplot in the directory of its script. */
struct GnuplotJob {
  std::filesystem::path script;
  std::string format;  // "png" or "svg"

  std::filesystem::path picture() const;
};

/** The program called gnuplot on PATH. */
std::optional<std::filesystem::path> find_gnuplot();

/** How to get gnuplot, in one line. */
std::string gnuplot_advice();

/**
 * Runs all @jobs, @parallel at a time. Returns one line for each that failed, with gnuplot's first words; a picture
 * of a failed job, or one that is cut off, is removed.
 */
std::vector<std::string> run_gnuplot(const std::filesystem::path& program, const std::vector<GnuplotJob>& jobs,
                                     unsigned parallel);

}  // namespace gbsim
