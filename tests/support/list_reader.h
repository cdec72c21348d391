// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <utility>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim::test {

/** A recording that consists of given events. */
class ListReader : public EventReader {
 public:
  explicit ListReader(std::vector<TraceEvent> events) : events_(std::move(events)) {}
  bool next_batch(std::vector<TraceEvent>& batch) override {
    batch.insert(batch.end(), events_.begin(), events_.end());
    return !std::exchange(events_, {}).empty();
  }

 private:
  std::vector<TraceEvent> events_;
};

}  // namespace gbsim::test
