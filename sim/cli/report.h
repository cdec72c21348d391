// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim report DIR`: one interactive HTML page of a result directory. */
int run_report_command(Arguments arguments);

}  // namespace gbsim::cli
