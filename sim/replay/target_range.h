// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "sim/recording/trace_event.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

/** Free blocks that compaction takes out of a range of pages it looks through: isolate_freepages_block(). */
struct TargetRange {
  std::vector<RecordedPages::FreeBlock> blocks{};
  NrPages taken{0};
  std::uint64_t scanned = 0;  // as the kernel counts it: places looked at, and pages of what was passed at once but one

  bool agrees_with(const TraceEvent& event) const {
    return taken == pages_taken(event) && scanned == event.scanned;
  }
};

/**
 * What the kernel took for @event, an isolate_range, by our free lists. It looks at every 1st, 2nd, 4th ... 32nd page,
 * which shows in how many it looked at. Where no such step gives the recorded numbers, every page was looked at, until
 * enough was taken. Nothing if the range leads out of the zones.
 */
std::optional<TargetRange> recorded_targets(const RecordedPages& pages, const TraceEvent& event);

}  // namespace gbsim
