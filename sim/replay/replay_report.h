// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sim/recording/event_tally.h"
#include "sim/replay/replay_mode.h"

namespace gbsim {

/** replay.json */
std::string replay_json(const ReplayOutcome& outcome);

/** What a person wants to know of it, for the terminal. */
std::string replay_text(const ReplayOutcome& outcome);

/** "@what: kind count, kind count" and the line's end; empty if there is none. */
std::string tally_line(std::string_view what, const EventTally& tally);

}  // namespace gbsim
