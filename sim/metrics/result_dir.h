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
 * Creates @dir. An existing directory with anything in it is refused (ResultDirRefused) unless @force, which removes
 * the files and plots of an earlier run and nothing else.
 */
void prepare_result_dir(const std::filesystem::path& dir, bool force);

}  // namespace gbsim
