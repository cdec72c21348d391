// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim replay`: a recorded kernel trace against the model, in one of several modes. */
int run_replay(Arguments arguments);

}  // namespace gbsim::cli
