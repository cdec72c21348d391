// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** The words of `gbsim replay` ask for the recorded demand on a machine of one's choice, not for the recorded pages. */
bool asks_what_if(Arguments arguments);

/** `gbsim replay TRACE --placement P`: a result directory like that of `gbsim run`. */
int run_what_if_command(Arguments arguments);

}  // namespace gbsim::cli
