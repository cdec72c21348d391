// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/zone_places.h"

#include <fmt/format.h>

#include <limits>

#include "sim/recording/trace_event.h"

namespace gbsim {

std::string ZonePlaces::wrong_with(const ZoneImage& zone) {
  constexpr std::uint64_t kMostPages = std::numeric_limits<std::uint32_t>::max();  // 16 TiB
  const std::string what = fmt::format("a zone of {} pages from page {} on", zone.spanned.value, zone.start.value);
  if (zone.start >= kEndOfPages || zone.spanned.value > kMostPages) {
    return fmt::format("{}: no machine has pages from {} on, or a zone of more than {}", what, kEndOfPages.value,
                       kMostPages);
  }
  if (zone.start < below_) {
    return fmt::format("{}: those before it end at page {}", what, below_.value);
  }
  below_ = zone.start + zone.spanned;
  return {};
}

}  // namespace gbsim
