// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sim/sweep/statistics.h"

namespace gbsim {

/** The median as text, "-" if there were no values. */
std::string median_text(const Spread& spread);
/** "2..7", empty with fewer than two values. */
std::string range_text(const Spread& spread);
/** `runs`, and unless it is 0 `median`, `min`, `q1`, `q3`, `max`, `mean`. */
nlohmann::ordered_json to_json(const Spread& spread);

}  // namespace gbsim
