// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/read_ahead.h"

#include <utility>

namespace gbsim {

namespace {

constexpr std::size_t kBatch = 16384;  // enough work for what a thread costs

}  // namespace

ReadAhead::ReadAhead(std::unique_ptr<EventReader> base)
    : base_(std::move(base)), origin_(base_->origin()), oddities_(base_->oddities()) {
  ask();
}

void ReadAhead::ask() {
  next_ = std::async(std::launch::async, [base = base_.get(), events = std::move(spare_)]() mutable {
    events.clear();
    bool more = true;
    while (more && events.size() < kBatch) {
      more = base->next_batch(events);
    }
    return Batch{std::move(events), base->origin(), base->oddities(), !more};
  });
}

bool ReadAhead::next_batch(std::vector<TraceEvent>& batch) {
  if (!next_.valid()) {
    return false;
  }
  Batch read = next_.get();
  origin_ = std::move(read.origin);
  oddities_ = std::move(read.oddities);
  const bool any = !read.events.empty();
  if (batch.empty()) {
    batch.swap(read.events);  // and what it had room for is filled next
  } else {
    batch.insert(batch.end(), read.events.begin(), read.events.end());
  }
  spare_ = std::move(read.events);
  if (!read.is_last) {
    ask();
  }
  return any;
}

}  // namespace gbsim
