// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/scenario/diagnostic.h"

namespace gbsim::cli {

/** Every error on standard error, one a line. */
void print_errors(const Diagnostics& errors);

}  // namespace gbsim::cli
