// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <future>
#include <memory>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim {

/**
 * Reads the batch to come in a thread of its own, while whoever asked works on the last: decoding and replaying share
 * two cores. Gives the same events, and throws at the same place, as the reader it asks.
 */
class ReadAhead : public EventReader {
 public:
  explicit ReadAhead(std::unique_ptr<EventReader> base);

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return origin_; }
  EventTally oddities() const override { return oddities_; }

 private:
  struct Batch {
    std::vector<TraceEvent> events{};
    TraceOrigin origin{};
    EventTally oddities{};  // up to the end of it
    bool is_last = false;
  };
  void ask();

  std::unique_ptr<EventReader> base_;
  TraceOrigin origin_;
  EventTally oddities_;
  std::vector<TraceEvent> spare_;
  std::future<Batch> next_;  // last: it is over before what it reads goes
};

}  // namespace gbsim
