// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/sweep/comparison.h"

namespace gbsim {

/** Name of the picture's files. */
inline constexpr std::string_view kComparisonPlotName = "compare_metrics";

/** gnuplot script: a panel a metric, placements side by side, each seed a point and the median a bar. */
std::string comparison_script(const Comparison& comparison);

}  // namespace gbsim
