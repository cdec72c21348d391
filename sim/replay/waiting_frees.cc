// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/waiting_frees.h"

#include <algorithm>

namespace gbsim {

namespace {

/** Longer than events of one batch, or of one hold of zone->lock, lie apart. */
constexpr Ns kPause{5'000};

bool is_list_event(EventKind kind) {
  return kind == EventKind::zone_locked || kind == EventKind::pcpu_drain || kind == EventKind::extfrag;
}

}  // namespace

void WaitingFrees::add(const TraceEvent& free) {
  waiting_.push_back(free);
  last_free_ = free.time;
}

bool WaitingFrees::is_due(const TraceEvent& free, const TraceEvent& event) const {
  const bool batch_is_over = event.time - last_free_ > kPause;
  if (event.cpu == free.cpu) {
    return event.kind != EventKind::free || batch_is_over;
  }
  return batch_is_over && !continues_hold(event);
}

bool WaitingFrees::continues_hold(const TraceEvent& event) const {
  const bool soon = event.time - last_list_.time <= kPause;
  if (!is_list_event(event.kind)) {
    return soon;
  }
  const bool both_drain = event.kind == EventKind::pcpu_drain && last_list_.kind == EventKind::pcpu_drain;
  const bool both_refill = event.kind != EventKind::pcpu_drain && last_list_.kind != EventKind::pcpu_drain &&
                           event.order == last_list_.order && event.type == last_list_.type;
  return soon && event.cpu == last_list_.cpu && (both_drain || both_refill);
}

std::vector<TraceEvent> WaitingFrees::due(const TraceEvent& event) {
  const auto waits = [&](const TraceEvent& free) { return !is_due(free, event); };
  const auto first_due = std::ranges::stable_partition(waiting_, waits).begin();
  const std::vector<TraceEvent> due(first_due, waiting_.end());
  waiting_.erase(first_due, waiting_.end());
  if (is_list_event(event.kind)) {
    last_list_ = event;
  }
  if (!waiting_.empty() && event.kind == EventKind::free && event.cpu == waiting_.front().cpu) {
    last_free_ = event.time;
  }
  return due;
}

}  // namespace gbsim
