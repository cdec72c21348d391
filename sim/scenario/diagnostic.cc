// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/diagnostic.h"

#include <fmt/format.h>

#include <string_view>

namespace gbsim {
namespace {

/** @text on one line and without what a terminal would obey. */
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return result;
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
  if (diagnostic.at.line == 0) {
    return printable(fmt::format("{}: error: {}", diagnostic.file, diagnostic.message));
  }
  return printable(fmt::format("{}:{}:{}: error: {}", diagnostic.file, diagnostic.at.line, diagnostic.at.column,
                               diagnostic.message));
}

}  // namespace gbsim
