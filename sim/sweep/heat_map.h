// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/sweep/sweep.h"

namespace gbsim {

/** Name of the picture's files. */
inline constexpr std::string_view kHeatMapName = "heat_maps";

/**
 * gnuplot script: medians of each of @metrics over each two keys of @sweep. The picture grows with the number of values
 * so that labels have room; cells of up to twenty values a side carry their numbers.
 */
std::string heat_map_script(const Sweep& sweep, const std::vector<std::size_t>& metrics);

}  // namespace gbsim
