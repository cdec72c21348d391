// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/suggestion.h"

#include <fmt/format.h>

#include "sim/base/params.h"

namespace gbsim {

std::string suggestion(std::string_view name, std::span<const std::string_view> known, std::string_view prefix) {
  constexpr std::size_t kFew = 24;
  if (known.empty()) {
    return "; there are none";
  }
  if (const std::string_view nearest = nearest_name(name, known); !nearest.empty()) {
    return fmt::format("; did you mean '{}{}'?", prefix, nearest);
  }
  if (known.size() > kFew) {
    return fmt::format("; none of the {} known is like it", known.size());
  }
  std::string names;
  for (const std::string_view each : known) {
    names += fmt::format("{}{}{}", names.empty() ? "" : ", ", prefix, each);
  }
  return "; known are " + names;
}

}  // namespace gbsim
