// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/diagnostic.h"

#include <fmt/format.h>

namespace gbsim {

std::string to_string(const Diagnostic& diagnostic) {
  if (diagnostic.at.line == 0) {
    return fmt::format("{}: error: {}", diagnostic.file, diagnostic.message);
  }
  return fmt::format("{}:{}:{}: error: {}", diagnostic.file, diagnostic.at.line, diagnostic.at.column,
                     diagnostic.message);
}

}  // namespace gbsim
