// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/check.h"

namespace gbsim {

void fail_check(const char* expression, const char* file, int line) {
  throw InvariantViolation(std::string(file) + ":" + std::to_string(line) + ": does not hold: " + expression);
}

}  // namespace gbsim
