// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gbsim {

/** The cells of one line of a table. */
using TableRow = std::vector<std::string>;

/**
 * @rows in columns two blanks apart, the first @left of them left-aligned, the others right-aligned; columns without
 * text take no room. Requires: at least one row, all of the same length.
 */
std::string aligned(const std::vector<TableRow>& rows, std::size_t left = 1);

/** Five significant digits, which is more than seeds agree on, but no powers of ten where digits are easier to read. */
std::string brief(double value);

}  // namespace gbsim
