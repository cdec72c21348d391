// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/replay/replay_mode.h"

namespace gbsim {

/** replay.json */
std::string replay_json(const ReplayOutcome& outcome);

/** What a person wants to know of it, for the terminal. */
std::string replay_text(const ReplayOutcome& outcome);

}  // namespace gbsim
