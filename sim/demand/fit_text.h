// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/demand/churn_fit.h"

namespace gbsim {

/** @fit as a workload file. @source names the recording in its header, @command is what made it. */
std::string workload_text(const ChurnFit& fit, const std::string& source, const std::string& command);

}  // namespace gbsim
