// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/call_window.h"

#include <algorithm>

#include "sim/base/check.h"

namespace gbsim {

std::optional<TraceEvent> CallWindow::pop() {
  const Upcoming next = upcoming_.front();
  upcoming_.pop_front();
  return next.is_done ? std::nullopt : std::optional{next.event};
}

const TraceEvent* CallWindow::next_call(unsigned cpu) const {
  const auto found = std::ranges::find_if(upcoming_, [&](const Upcoming& upcoming) {
    return !upcoming.is_done && upcoming.event.cpu == cpu && is_call(upcoming.event);
  });
  return found == upcoming_.end() ? nullptr : &found->event;
}

TraceEvent CallWindow::take_next_call(unsigned cpu) {
  const TraceEvent* call = next_call(cpu);
  GBSIM_CHECK(call != nullptr);
  const auto found = std::ranges::find_if(upcoming_, [&](const Upcoming& upcoming) { return &upcoming.event == call; });
  found->is_done = true;
  return found->event;
}

}  // namespace gbsim
