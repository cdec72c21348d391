// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim::test {

/** A recording that consists of given events. */
class ListReader : public EventReader {
 public:
  /** So many at a time. */
  explicit ListReader(std::vector<TraceEvent> events, std::size_t at_once = ~std::size_t{0})
      : events_(std::move(events)), at_once_(at_once) {}
  bool next_batch(std::vector<TraceEvent>& batch) override {
    const auto given = std::span(events_).subspan(at_);
    const auto part = given.first(std::min(given.size(), at_once_));
    batch.insert(batch.end(), part.begin(), part.end());
    at_ += part.size();
    return !part.empty();
  }

 private:
  std::vector<TraceEvent> events_;
  std::size_t at_once_;
  std::size_t at_ = 0;
};

}  // namespace gbsim::test
