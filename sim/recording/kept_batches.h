// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/recording/event_reader.h"

namespace gbsim {

/**
 * A trace that is decoded once where it is short: the batches of the first reading are kept, as long as they are few,
 * and the next readings are given these. A longer one is decoded at each reading, so that memory stays bounded, and so
 * is one that is quick.
 */
class KeptBatches : public TraceReader {
 public:
  /** 20 MiB of them. */
  static constexpr std::size_t kMostEvents = std::size_t{1} << 19;

  explicit KeptBatches(std::unique_ptr<TraceReader> base, std::size_t most_events = kMostEvents)
      : base_(std::move(base)),
        most_events_(most_events),
        state_(base_->is_quick() ? State::decodes : State::keeping) {}

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override;
  void rewind() override;

 private:
  enum class State : std::uint8_t {
    keeping,   // all that the base gave since its first batch
    all_kept,  // the base is at its end and not asked again
    decodes,   // each time, as its events are too many or quick
  };

  struct Batch {
    std::vector<TraceEvent> events;
    EventTally oddities;  // up to the end of it
  };
  bool next_kept(std::vector<TraceEvent>& batch);
  void keep(std::vector<TraceEvent> events);
  void forget();

  std::unique_ptr<TraceReader> base_;
  std::size_t most_events_;
  State state_;
  std::vector<Batch> batches_;
  std::size_t nr_events_ = 0;  // in batches_
  std::size_t at_ = 0;         // all_kept: the batch to come
};

}  // namespace gbsim
