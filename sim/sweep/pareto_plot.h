// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/sweep/sweep.h"

namespace gbsim {

/**
 * The gnuplot script of pareto.png and pareto.svg: all points in the plane of the first two objectives, the front as a
 * line, its points labelled where there is room; at least one point has to be on it.
 */
std::string pareto_script(const Sweep& sweep);

}  // namespace gbsim
