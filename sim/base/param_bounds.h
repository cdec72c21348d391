// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/base/params.h"

namespace gbsim {

/** @bound, in base units, as users spell a value of @type: "128MiB", "10ms", "5/s", "85%", "4096". */
std::string bound_text(ParamType type, double bound);

}  // namespace gbsim
