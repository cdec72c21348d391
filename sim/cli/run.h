// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim run SCENARIO.yaml`: simulate, write results, plot. */
int run_scenario(Arguments arguments);
/** `gbsim check FILE.yaml...`: every error of the files, nothing run. */
int run_check(Arguments arguments);
/** `gbsim plot DIR...`: redraw, or overlay several. */
int run_plot(Arguments arguments);
/** `gbsim ops LIST`: single allocator operations. */
int run_ops_command(Arguments arguments);
/** `gbsim bench [NAME...]`. */
int run_bench_command(Arguments arguments);

}  // namespace gbsim::cli
