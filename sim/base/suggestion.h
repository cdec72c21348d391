// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gbsim {

/**
 * The end of a message about @name, which is none of @known: "; did you mean 'X'?" if one is near, else "; known are
 * X, Y" if they are few, else how many there are. @prefix stands before each, such as "--".
 */
std::string suggestion(std::string_view name, std::span<const std::string_view> known, std::string_view prefix = {});

}  // namespace gbsim
