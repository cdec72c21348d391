// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/print_errors.h"

#include <iostream>

namespace gbsim::cli {

void print_errors(const Diagnostics& errors) {
  for (const Diagnostic& error : errors) {
    std::cerr << to_string(error) << '\n';
  }
}

}  // namespace gbsim::cli
