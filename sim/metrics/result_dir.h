// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "sim/metrics/summary.h"

namespace gbsim {

/** The result directory cannot be used as asked: wrong usage, not a failure of the program. */
class ResultDirRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** results/NAME-PLACEMENT-SEED */
std::filesystem::path default_result_dir(const RunIdentity& run);

/**
 * Changes nothing: a directory with anything in it is refused (ResultDirRefused) unless @force, and so is what is no
 * directory. Throws OutputError if it could not be written to. For those who first look at what may be wrong, too.
 */
void refuse_result_dir(const std::filesystem::path& dir, bool force);

/** Creates @dir where it is not refused. @force removes the files and plots of an earlier run and nothing else. */
void prepare_result_dir(const std::filesystem::path& dir, bool force);

}  // namespace gbsim
