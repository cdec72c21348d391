// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/base/types.h"

namespace gbsim {

/** The current simulated time as the layers below the engine see it. Only the engine, or a test, writes it. */
struct Clock {
  Ns now{0};
};

}  // namespace gbsim
