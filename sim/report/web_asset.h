// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace gbsim {

/**
 * The file @name of a report's page, compiled into the program: a file of web/ ("style.css"), or a module of Vega
 * ("vega-util"). An unknown name is a bug.
 */
std::string_view web_asset(std::string_view name);

}  // namespace gbsim
