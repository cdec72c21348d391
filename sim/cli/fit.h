// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim fit TRACE -o workload.yaml`: a churn workload of the same mix as a recording, and how near its run comes. */
int run_fit(Arguments arguments);

}  // namespace gbsim::cli
