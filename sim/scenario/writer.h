// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/scenario/scenario.h"

namespace gbsim {

/** YAML with every key spelt out, no other file needed; read_scenario_text() gives an equal scenario back. */
std::string write_scenario(const Scenario& scenario);

}  // namespace gbsim
