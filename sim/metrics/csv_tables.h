// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sim/metrics/csv.h"
#include "sim/metrics/event.h"
#include "sim/metrics/sample.h"

namespace gbsim {

inline constexpr std::string_view kGigablocksHeader =
    "time_s,gigablock,state,free_pages,movable_pages,unmovable_pages,reclaimable_pages,pinned_pages,free_pageblocks\n";

inline constexpr std::string_view kEventsHeader = "time_s,event,gigablock,pages,duration_ns,detail\n";

/** One line of vmstat.csv, or its header. */
std::string vmstat_line(const Sample& sample, CsvLine::Mode mode);
/** One line a gigablock. Those that can never be a 1 GiB page have the state "partial". */
std::string gigablock_lines(const Sample& sample);
std::string event_line(const RunEvent& event);

}  // namespace gbsim
