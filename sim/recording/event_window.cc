// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_window.h"

#include <algorithm>

namespace gbsim {

void EventWindow::refill() {
  events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
  while (events_.size() <= kReach && !ended_) {
    ended_ = !reader_.next_batch(events_);
  }
}

const TraceEvent* EventWindow::ahead(unsigned cpu) const {
  const std::size_t until = std::min(events_.size(), at_ + kReach);
  for (std::size_t i = at_; i < until; ++i) {
    if (events_[i].cpu == cpu && events_[i].announced) {
      return &events_[i];
    }
  }
  return nullptr;
}

}  // namespace gbsim
