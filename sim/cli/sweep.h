// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"
#include "sim/sweep/sweep_spec.h"

namespace gbsim::cli {

/** `gbsim sweep SWEEP.yaml`: many points over tunables. */
int run_sweep(Arguments arguments);

/** Tries settings on a scenario with the models of this program. */
SettingsCheck settings_check();

}  // namespace gbsim::cli
