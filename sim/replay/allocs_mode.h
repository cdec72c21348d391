// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/replay/replay_mode.h"

namespace gbsim {

/** Mode `allocs`: calls of the recording drive our allocator. Throws BadRecording if there is no snapshot. */
ReplayOutcome replay_allocs(const ReplayRequest& request);

}  // namespace gbsim
