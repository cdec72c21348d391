// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/direct_frees.h"

#include <algorithm>
#include <utility>

#include "sim/mm/pcp.h"

namespace gbsim {

void DirectFrees::set(const TraceEvent& event, std::uint64_t stamp) {
  std::fill_n(&freed_[event.pfn.value], event.order.pages().value, stamp);
}

void DirectFrees::suspect(const TraceEvent& event) {
  const std::uint64_t stamp = stamp_of(event.pfn.value);
  if (stamp != 0 && compacts_) {
    suspects_[event.pfn.value] = stamp;
  }
}

/** Unannounced allocations, the other reason for a second free, are of unmovable pages. */
void DirectFrees::confirm(const TraceEvent& event) {
  const auto found = suspects_.find(event.pfn.value);
  if (found == suspects_.end()) {
    return;
  }
  if (event.type == Migratetype::movable) {
    found_.push_back(found->second - 1);
  }
  suspects_.erase(found);
}

void DirectFrees::was_in_buddy(Pfn head, Order order) {
  const std::uint64_t end = std::min<std::uint64_t>(head.value + order.pages().value, end_.value);
  for (std::uint64_t pfn = head.value; pfn < end; ++pfn) {
    if (freed_[pfn] == 0) {
      continue;  // not written to: few pages have something
    }
    const std::uint64_t stamp = stamp_of(pfn);
    freed_[pfn] = 0;
    if (stamp != 0 && (found_.empty() || found_.back() != stamp - 1)) {
      found_.push_back(stamp - 1);  // once for the pages of a block
    }
  }
}

void DirectFrees::moved_to(Pfn pfn) {
  was_in_buddy(pfn, Order{0});
  if (pfn < end_) {
    freed_[pfn.value] = kHandedOut;
  }
}

void DirectFrees::note(const TraceEvent& event, std::uint64_t number, bool taken) {
  compacts_ = compacts_ || event.kind == EventKind::compaction || event.kind == EventKind::migrate;
  if (!names_block_below(event, end_)) {
    return;
  }
  switch (event.kind) {
    case EventKind::free:
      suspect(event);
      latest_ = number + 1;
      return set(event, pcp_allowed(event.order, pageblock_) ? latest_ : 0);
    case EventKind::pcpu_drain:
      confirm(event);
      return set(event, 0);
    case EventKind::alloc:
      return set(event, kHandedOut);
    case EventKind::buddy_free:
      return set(event, 0);
    case EventKind::zone_locked:
      return was_in_buddy(event.pfn, event.order);
    case EventKind::migrate:
      return moved_to(event.to);
    case EventKind::extfrag:
      return taken ? was_in_buddy(event.pfn, event.order) : void();
    default:
      return;
  }
}

void DirectFrees::note(const ZoneImage& zone) {
  zone.for_each_free([this](Pfn head, Order order) { was_in_buddy(head, order); });
  // What was freed before and is on no free list has not passed the per-CPU lists.
  const auto settled = std::ranges::find(settled_, zone.start, &Settled::start);
  Settled& own = settled == settled_.end() ? settled_.emplace_back() : *settled;
  own = {zone.start, zone.start + zone.spanned, latest_};
}

std::vector<std::uint64_t> DirectFrees::numbers() && {
  std::ranges::sort(found_);
  found_.erase(std::ranges::unique(found_).begin(), found_.end());
  return std::move(found_);
}

}  // namespace gbsim
