// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_modes.h"

#include <array>

#include "sim/replay/allocs_mode.h"
#include "sim/replay/lists_mode.h"

namespace gbsim {

namespace {

constexpr std::array kModes{
    ReplayMode{"lists", "lock-step: list events foretell each page and fallback", replay_lists},
    ReplayMode{"allocs", "calls drive our allocator with its per-CPU lists", replay_allocs},
};

}  // namespace

std::span<const ReplayMode> replay_modes() { return kModes; }

}  // namespace gbsim
