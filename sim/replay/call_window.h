// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "sim/recording/trace_event.h"

namespace gbsim {

/** Events of a recording that are known but not carried out yet; a call may be taken ahead of its turn. */
class CallWindow {
 public:
  /** How far ahead replays look. */
  static constexpr std::size_t kReach = 1024;

  void push(const TraceEvent& event) { upcoming_.push_back({event}); }
  bool is_full() const { return upcoming_.size() > kReach; }
  bool empty() const { return upcoming_.empty(); }
  /** The event whose turn it is; nothing if it was taken already. Requires: not empty. */
  std::optional<TraceEvent> pop();
  /** The next allocation or free of @cpu; nullptr if none is known. */
  const TraceEvent* next_call(unsigned cpu) const;
  /** The same, which pop() will pass over. Requires: next_call(cpu). */
  TraceEvent take_next_call(unsigned cpu);
  /** @visit(event) for each allocation and free to come, in order. */
  template <class Visit>
  void for_each_call(Visit&& visit) const {
    for (const Upcoming& upcoming : upcoming_) {
      if (!upcoming.is_done && is_call(upcoming.event)) {
        visit(upcoming.event);
      }
    }
  }

 private:
  struct Upcoming {
    TraceEvent event{};
    bool is_done = false;
  };

  static bool is_call(const TraceEvent& event) {
    return event.kind == EventKind::alloc || event.kind == EventKind::free;
  }

  std::deque<Upcoming> upcoming_;
};

}  // namespace gbsim
