// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim {

/** Events of a reader one by one, with a short look ahead. */
class EventWindow {
 public:
  explicit EventWindow(EventReader& reader) : reader_(reader) {}

  /** The next event, valid until the following call; nullptr at the end. Throws BadRecording, early. */
  const TraceEvent* next() {
    if (at_ == present_.size()) [[unlikely]] {
      turn();
    }
    return at_ < present_.size() ? &present_[at_++] : nullptr;
  }
  /** The announced event that follows on @cpu, if it is among the next kReach; nullptr otherwise. */
  const TraceEvent* ahead(unsigned cpu) const;

  static constexpr std::size_t kReach = 64;

 private:
  void turn();
  void fill_following();

  EventReader& reader_;
  // Two, so that no event is moved: what is given now, and kReach or more behind it unless the reader is at its end.
  std::vector<TraceEvent> present_;
  std::vector<TraceEvent> following_;
  std::size_t at_ = 0;  // in present_: the event to come
  bool ended_ = false;
};

}  // namespace gbsim
