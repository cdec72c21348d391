// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gbsim {

/** How a compaction ended, or why it did not begin, from worst to best: enum compact_result. */
enum class CompactOutcome : std::uint8_t { not_suitable, skipped, deferred, complete, partial, contended, success };

/** As the kernel's tracepoints print it. */
constexpr std::string_view name(CompactOutcome outcome) {
  constexpr std::array<std::string_view, 7> names{"not_suitable_zone", "skipped",   "deferred", "complete",
                                                  "partial_skipped",   "contended", "success"};
  return names[static_cast<std::size_t>(outcome)];
}

/** Async, then sync-light, then full sync, as compact_priority of the kernel (0 is the most thorough). */
enum class CompactPriority : std::uint8_t { sync_full, sync_light, async };

}  // namespace gbsim
