// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/read_ahead.h"

#include <utility>

namespace gbsim {

namespace {

constexpr std::size_t kBatch = 16384;    // enough work for what handing it over costs
constexpr std::size_t kMostBatches = 4;  // read and not taken: 2.5 MiB

}  // namespace

ReadAhead::ReadAhead(std::unique_ptr<EventReader> base)
    : base_(std::move(base)), origin_(base_->origin()), oddities_(base_->oddities()), thread_([this] { run(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  is_taken_.notify_one();
  thread_.join();
}

ReadAhead::Batch ReadAhead::read(std::vector<TraceEvent> events) {
  Batch batch{.events = std::move(events)};
  batch.events.clear();
  try {
    while (!batch.is_last && batch.events.size() < kBatch) {
      batch.is_last = !base_->next_batch(batch.events);
    }
  } catch (...) {
    batch.error = std::current_exception();
    batch.is_last = true;
  }
  batch.origin = base_->origin();
  batch.oddities = base_->oddities();
  return batch;
}

void ReadAhead::run() {
  std::vector<TraceEvent> room;
  for (bool goes_on = true; goes_on;) {
    Batch batch = read(std::move(room));
    std::unique_lock lock(mutex_);
    is_taken_.wait(lock, [this] { return ends_ || read_.size() < kMostBatches; });
    goes_on = !ends_ && !batch.is_last;
    read_.push_back(std::move(batch));
    room = {};
    if (!spares_.empty()) {
      room = std::move(spares_.back());
      spares_.pop_back();
    }
    is_read_.notify_one();
  }
}

ReadAhead::Batch ReadAhead::take() {
  std::unique_lock lock(mutex_);
  is_read_.wait(lock, [this] { return !read_.empty(); });
  Batch batch = std::move(read_.front());
  read_.pop_front();
  is_taken_.notify_one();
  return batch;
}

void ReadAhead::put_back(std::vector<TraceEvent> spare) {
  const std::lock_guard lock(mutex_);
  spares_.push_back(std::move(spare));
}

bool ReadAhead::next_batch(std::vector<TraceEvent>& batch) {
  if (is_over_) {
    return end();
  }
  Batch read = take();
  is_over_ = read.is_last;
  error_ = std::move(read.error);
  origin_ = std::move(read.origin);
  oddities_ = std::move(read.oddities);
  const bool any = !read.events.empty();
  if (batch.empty()) {
    batch.swap(read.events);  // and what it had room for is filled next
  } else {
    batch.insert(batch.end(), read.events.begin(), read.events.end());
  }
  put_back(std::move(read.events));
  return any || end();
}

bool ReadAhead::end() {
  if (error_ != nullptr) {
    std::rethrow_exception(std::exchange(error_, nullptr));
  }
  return false;
}

}  // namespace gbsim
