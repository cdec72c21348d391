// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_window.h"

#include <algorithm>
#include <span>

namespace gbsim {

namespace {

const TraceEvent* first_of(unsigned cpu, std::span<const TraceEvent> events) {
  const auto found = std::ranges::find_if(events, [cpu](const TraceEvent& event) {
    return event.cpu == cpu && event.announced;
  });
  return found == events.end() ? nullptr : &*found;
}

}  // namespace

void EventWindow::fill_following() {
  while (following_.size() < kReach && !ended_) {
    ended_ = !reader_.next_batch(following_);
  }
}

/** The first time, nothing follows yet. */
void EventWindow::turn() {
  fill_following();
  present_.swap(following_);
  following_.clear();
  at_ = 0;
  fill_following();
}

const TraceEvent* EventWindow::ahead(unsigned cpu) const {
  const auto rest = std::span(present_).subspan(at_);
  const auto near = rest.first(std::min(rest.size(), kReach));
  if (const TraceEvent* found = first_of(cpu, near)) {
    return found;
  }
  return first_of(cpu, std::span(following_).first(std::min(following_.size(), kReach - near.size())));
}

}  // namespace gbsim
