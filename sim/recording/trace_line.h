// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/recording/event_fields.h"

namespace gbsim {

/**
 * One event of a trace printed as text: `TASK [CPU] (FLAGS) TIME: (SYSTEM:)EVENT: FIELDS`. That one grammar covers
 * trace-cmd report, perf script and tracefs, which differ in the parts in brackets.
 */
struct TraceLine {
  std::uint32_t task = 0;  // 0: not printed
  unsigned cpu = 0;
  Ns time{0};
  std::string_view system{};  // perf script prints it
  std::string_view event{};
  std::string_view fields{};
};

/** nullopt: the line is no event. */
std::optional<TraceLine> split_trace_line(std::string_view line);

/** The event of @rule that @line prints; or, in words, what is wrong with it. */
struct ParsedEvent {
  TraceEvent event{};
  std::string error{};  // empty: none
};
ParsedEvent parse_fields(const TraceLine& line, const EventRule& rule);

/** Events that a line says were lost, such as `CPU:1 [LOST 12 EVENTS]`; 1 where it gives no number. */
std::optional<std::uint64_t> lost_events_in(std::string_view line);

}  // namespace gbsim
