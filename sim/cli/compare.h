// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim compare SCENARIO.yaml --placement A,B`: one scenario and seeds under several placements. */
int run_compare(Arguments arguments);

}  // namespace gbsim::cli
