// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/waiting_frees.h"

#include <algorithm>

namespace gbsim {

namespace {

/** Longer than events of one hold of zone->lock lie apart. */
constexpr Ns kPause{5'000};
/** Longer than frees of one batch lie apart. */
constexpr Ns kBatchPause{20'000};
/** No lock is waited for as long: the CPU does not run, as those of guests do at times. */
constexpr Ns kStalled{1'000'000};

bool holds(Pfn head, Order order, Pfn page) { return head <= page && page < head + order.pages(); }

/** The page that @free gave back is on a free list at @event. */
bool shows(const TraceEvent& event, const TraceEvent& free) {
  return event.kind == EventKind::extfrag
             ? holds(event.pfn, event.fallback_order, free.pfn)
             : event.kind == EventKind::zone_locked && event.has_pfn && holds(event.pfn, event.order, free.pfn);
}

}  // namespace

void WaitingFrees::add(const TraceEvent& free) {
  waiting_.push_back(free);
  last_free_ = free.time;
}

bool WaitingFrees::is_due(const TraceEvent& free, const TraceEvent& event) const {
  const Ns waited = event.time - last_free_;
  const bool batch_is_over = waited > kBatchPause;
  if (event.cpu == free.cpu) {
    return event.kind != EventKind::free || batch_is_over;
  }
  if (waited > kStalled) {
    return shows(event, free);
  }
  return batch_is_over && !continues_hold(event);
}

/** A refill is one hold, however long it takes; between drains without a pause the lock may have been free. */
bool WaitingFrees::continues_hold(const TraceEvent& event) const {
  if (!is_list_event(hold_.kind)) {
    return false;
  }
  const bool soon = event.time - hold_.time <= kPause;
  if (!is_list_event(event.kind)) {
    return soon;
  }
  const bool drains = event.kind == EventKind::pcpu_drain;
  if (event.cpu != hold_.cpu || drains != (hold_.kind == EventKind::pcpu_drain)) {
    return false;
  }
  return drains ? soon : event.order == hold_.order && event.type == hold_.type;
}

std::vector<TraceEvent> WaitingFrees::take_due(const TraceEvent& event) {
  const auto waits = [&](const TraceEvent& free) { return !is_due(free, event); };
  const auto first_due = std::ranges::stable_partition(waiting_, waits).begin();
  std::vector<TraceEvent> due(first_due, waiting_.end());
  waiting_.erase(first_due, waiting_.end());
  if (!waiting_.empty() && event.kind == EventKind::free && event.cpu == waiting_.front().cpu) {
    last_free_ = event.time;
  }
  return due;
}

}  // namespace gbsim
