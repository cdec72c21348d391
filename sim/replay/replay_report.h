// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sim/replay/replay_mode.h"

namespace gbsim {

/** "6.1" or "6.12" */
std::string_view kernel_name(KernelVersion kernel);
/** The kernel called @name as in kernel_name(); nothing if there is none. */
std::optional<KernelVersion> kernel_called(std::string_view name);

/** replay.json */
std::string replay_json(const ReplayOutcome& outcome);

/** What a person wants to know of it, for the terminal. */
std::string replay_text(const ReplayOutcome& outcome);

}  // namespace gbsim
