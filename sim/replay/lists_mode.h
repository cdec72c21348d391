// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/replay/replay_mode.h"

namespace gbsim {

/** Mode `lists`: lock-step with the recording's list events. Throws BadRecording if it has none, or no snapshot. */
ReplayOutcome replay_lists(const ReplayRequest& request);

}  // namespace gbsim
