// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim validate [NAME...]`: runs what published figures were measured on, and sets what comes out beside them. */
int run_validate(Arguments arguments);

}  // namespace gbsim::cli
