// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "sim/report/run_report.h"

namespace gbsim {

/**
 * The directory @dir of `gbsim compare` as one HTML page of at most about @budget bytes. As many runs as fit carry
 * their time series. Reads result files only. Throws std::runtime_error, naming the file, if compare.json cannot be
 * read.
 */
std::string comparison_report(const std::filesystem::path& dir, std::size_t budget = kReportBudget);

/** The directory @dir of `gbsim sweep` likewise; points on the Pareto front come first where not all runs fit. */
std::string sweep_report(const std::filesystem::path& dir, std::size_t budget = kReportBudget);

}  // namespace gbsim
