// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/list_follower.h"

#include <utility>

namespace gbsim {

std::unique_ptr<SnapshotMemory> ListFollower::make_followed(const Recording& recording) {
  return std::make_unique<SnapshotMemory>(recording.start(), recording.tunables(), PcpLoad::allocated);
}

ListFollower::ListFollower(const Recording& recording, std::unique_ptr<SnapshotMemory> followed, Memory& model)
    : followed_(std::move(followed)),
      lock_step_(*followed_->memory, lock_step_input(recording.survey())),
      pcps_(*followed_->memory, model),
      worker_([this](std::span<const Step> steps) { follow(steps); }) {
  for (std::size_t i = 0; i < model.nr_zones(); ++i) {
    alignments_.emplace_back(model.zone(i), followed_->memory->zone(i), pcps_);
  }
}

void ListFollower::feed(const TraceEvent& event, std::uint64_t number, const EventWindow& window) {
  const bool looks_ahead = lock_step_.looks_ahead(event) || RecordedPcps::looks_ahead(event);
  const TraceEvent* next = looks_ahead ? window.ahead(event.cpu) : nullptr;
  worker_.add(event, number, next);
}

void ListFollower::follow(std::span<const Step> steps) {
  for (const Step& step : steps) {
    const TraceEvent* next = step.next ? &*step.next : nullptr;
    lock_step_.feed(step.event, step.number, next);
    pcps_.feed(step.event, next);
  }
}

bool ListFollower::was_capture(const TraceEvent& last_fed) {
  if (!lock_step_.may_be_capture(last_fed)) {
    return false;
  }
  worker_.settle();
  return lock_step_.was_capture();
}

void ListFollower::lead_back() {
  worker_.settle();
  for (ZoneAlignment& alignment : alignments_) {
    alignment.run();
  }
}

}  // namespace gbsim
