// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/report/figure.h"
#include "sim/report/run_files.h"

namespace gbsim {

/** Every figure made of curves that @run has columns for. The map of gigablocks is not among them. */
std::vector<Figure> figures(const RunFiles& run);

}  // namespace gbsim
