// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/sweep/batch.h"

namespace gbsim {

/** How a run that had the program to itself ended. If @signal is not 0, that interrupted it and it has no outcome. */
struct LoneEnd {
  int signal = 0;
  RunOutcome outcome{};
};

/** Does @run in a process of its own, under the limits of @options. */
LoneEnd run_alone(const PointRun& run, const BatchOptions& options);

}  // namespace gbsim
