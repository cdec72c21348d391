// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/cli/command.h"

namespace gbsim::cli {

/** `gbsim record`: trace-cmd with the events that replay needs, snapshots on the way, all packed as one .gbtrace. */
int run_record(Arguments arguments);

}  // namespace gbsim::cli
