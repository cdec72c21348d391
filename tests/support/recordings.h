// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <tuple>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim::test {

/** A recording kept with the tests: tests/data/README.md. */
inline std::filesystem::path recording(std::string_view name) {
  return std::filesystem::path(GBSIM_TEST_DATA) / name;
}

inline std::vector<TraceEvent> read_all(EventReader& reader) {
  std::vector<TraceEvent> events;
  while (reader.next_batch(events)) {
  }
  return events;
}

/** Equal in everything that a text can show. */
inline bool same_event(const TraceEvent& a, const TraceEvent& b) {
  const auto key = [](const TraceEvent& e) {
    return std::tuple(e.kind, e.flag, e.has_pfn, e.cpu, e.order, e.type, e.fallback_order, e.fallback_type, e.gfp,
                      e.time, e.pfn, e.to);
  };
  return key(a) == key(b);
}

inline bool same_events(const std::vector<TraceEvent>& a, const std::vector<TraceEvent>& b) {
  return std::ranges::equal(a, b, same_event);
}

}  // namespace gbsim::test
