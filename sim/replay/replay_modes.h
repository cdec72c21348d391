// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "sim/replay/replay_mode.h"

namespace gbsim {

/** All modes in which a recording is held against the model; the first unless another is asked for. */
std::span<const ReplayMode> replay_modes();

}  // namespace gbsim
