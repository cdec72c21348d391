// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace gbsim {

/** How a compaction ended, or why it did not begin, from worst to best: enum compact_result. */
enum class CompactOutcome : std::uint8_t { not_suitable, skipped, deferred, complete, partial, contended, success };

/** Async, then sync-light, then full sync, as compact_priority of the kernel (0 is the most thorough). */
enum class CompactPriority : std::uint8_t { sync_full, sync_light, async };

}  // namespace gbsim
