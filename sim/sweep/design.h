// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sweep/axis.h"

namespace gbsim {

/** How points are laid out in the space that the axes span. */
enum class Method : std::uint8_t { grid, random, latin_hypercube, sobol };

/** The name of @method as a sweep file spells it. */
std::string_view method_name(Method method);

/** One value for each axis, in the order of axes. */
using Setting = std::vector<std::string>;

/**
 * Settings of a sweep without repetition, the same for the same arguments. A grid has every combination, the last axis
 * changing fastest, and ignores @count and @seed; the others draw @count settings. Sobol's sequence (Boost.Random,
 * direction numbers of Joe and Kuo, 2008) has no seed. Requires: at least one axis.
 */
std::vector<Setting> lay_out(const std::vector<Axis>& axes, Method method, std::size_t count, std::uint64_t seed);

}  // namespace gbsim
