// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim point`: one run of a sweep, which leaves results or a recorded failure; for schedulers, make, parallel. */
int run_point(Arguments arguments);

}  // namespace gbsim::cli
