// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "sim/sweep/sweep.h"

namespace gbsim {

/** Scores of one candidate; larger is better in each. */
using Scores = std::vector<double>;

/** Which of @candidates no other is at least as good as in everything and better in something. Equal ones all stay. */
std::vector<bool> pareto_front(const std::vector<Scores>& candidates);

/** Indices of the points of @sweep on the front of its objectives, by their medians, best in the first one first. */
std::vector<std::size_t> pareto_points(const Sweep& sweep);

}  // namespace gbsim
