// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace gbsim {

/** What one page may take: a mail attachment that a browser opens at once. */
inline constexpr std::size_t kReportBudget = 5'000'000;

/**
 * The result directory @dir as one HTML page of at most about @budget bytes: long runs keep fewer instants of the
 * pageblock view. Reads result files only; what a killed run did not write is left out of the page.
 */
std::string run_report(const std::filesystem::path& dir, std::size_t budget = kReportBudget);

}  // namespace gbsim
