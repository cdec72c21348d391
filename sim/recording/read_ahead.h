// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim {

/**
 * Reads a few batches ahead in a thread of its own, while whoever asks works on those before: decoding and replaying
 * share two cores. Gives the same events as the reader it asks, and throws where that does; then it is at its end.
 */
class ReadAhead : public EventReader {
 public:
  explicit ReadAhead(std::unique_ptr<EventReader> base);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead() override;

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return origin_; }
  EventTally oddities() const override { return oddities_; }

 private:
  struct Batch {
    std::vector<TraceEvent> events{};
    TraceOrigin origin{};
    EventTally oddities{};       // up to the end of it
    std::exception_ptr error{};  // what reading threw after these
    bool is_last = false;
  };
  void run();
  Batch read(std::vector<TraceEvent> events);
  Batch take();
  /** Throws, once, what reading has thrown; else false. */
  bool end();
  void put_back(std::vector<TraceEvent> spare);

  std::unique_ptr<EventReader> base_;
  TraceOrigin origin_;
  EventTally oddities_;
  bool is_over_ = false;
  std::exception_ptr error_;  // not yet thrown; then is_over_
  std::mutex mutex_;  // guards what follows, up to the thread
  std::condition_variable is_read_;
  std::condition_variable is_taken_;
  std::deque<Batch> read_;
  std::vector<std::vector<TraceEvent>> spares_;
  bool ends_ = false;
  std::thread thread_;  // last: it starts when all else is there
};

}  // namespace gbsim
