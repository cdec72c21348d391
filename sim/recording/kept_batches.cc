// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kept_batches.h"

#include <utility>

namespace gbsim {

bool KeptBatches::next_batch(std::vector<TraceEvent>& batch) {
  if (state_ == State::all_kept) {
    return next_kept(batch);
  }
  const auto before = static_cast<std::ptrdiff_t>(batch.size());
  if (!base_->next_batch(batch)) {
    state_ = state_ == State::keeping ? State::all_kept : state_;
    at_ = batches_.size();
    return false;
  }
  if (state_ == State::keeping) {
    keep({batch.begin() + before, batch.end()});
  }
  return true;
}

bool KeptBatches::next_kept(std::vector<TraceEvent>& batch) {
  if (at_ == batches_.size()) {
    return false;
  }
  const std::vector<TraceEvent>& events = batches_[at_++].events;
  batch.insert(batch.end(), events.begin(), events.end());
  return true;
}

void KeptBatches::keep(std::vector<TraceEvent> events) {
  nr_events_ += events.size();
  if (nr_events_ > most_events_) {
    forget();
    state_ = State::decodes;
    return;
  }
  batches_.push_back({std::move(events), base_->oddities()});
}

void KeptBatches::forget() {
  batches_ = {};
  nr_events_ = 0;
}

EventTally KeptBatches::oddities() const {
  const bool is_within = state_ == State::all_kept && at_ != batches_.size();
  if (!is_within) {
    return base_->oddities();
  }
  return at_ == 0 ? EventTally{} : batches_[at_ - 1].oddities;
}

void KeptBatches::rewind() {
  at_ = 0;
  if (state_ != State::all_kept) {
    base_->rewind();
    forget();
  }
}

}  // namespace gbsim
