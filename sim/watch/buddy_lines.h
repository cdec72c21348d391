// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/metrics/sample.h"
#include "sim/watch/screen_line.h"

namespace gbsim {

/**
 * A heading with the orders, then /proc/buddyinfo as the kernel prints it. Where that is wider than @columns, "Node"
 * and "zone" are left out and columns are as narrow as their counts allow.
 */
std::vector<ScreenLine> buddy_lines(std::span<const ZoneSample> zones, std::size_t columns);

}  // namespace gbsim
