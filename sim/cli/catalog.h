// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim tunables [--json]`: every tunable with default, range and meaning. */
int run_tunables(Arguments arguments);
/** `gbsim workloads [MODEL]`: the models, and every key of one or all of them. */
int run_workloads(Arguments arguments);
/** `gbsim placements`: placement and pcp strategies, one line each. */
int run_placements(Arguments arguments);

}  // namespace gbsim::cli
