// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/param_bounds.h"

#include <fmt/format.h>

#include <limits>

#include "sim/base/units.h"

namespace gbsim {
namespace {

/** Bounds beyond what whole numbers can hold mean the last of them. */
std::int64_t whole(double bound) {
  return bound < 0x1p63 ? static_cast<std::int64_t>(bound) : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::string bound_text(ParamType type, double bound) {
  switch (type) {
    case ParamType::size:
      return format_size(static_cast<std::uint64_t>(whole(bound)));
    case ParamType::time:
      return format_time(Ns{whole(bound)});
    case ParamType::rate:
      return fmt::format("{:g}/s", bound);
    case ParamType::share:
      return fmt::format("{:g}%", bound * 100);
    case ParamType::integer:
      return fmt::format("{}", whole(bound));
    default:
      return fmt::format("{}", bound);
  }
}

}  // namespace gbsim
