// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/direct_frees.h"

#include <algorithm>

#include "sim/mm/pcp.h"

namespace gbsim {

namespace {

constexpr Order kPageblock{9};  // of x86-64

}  // namespace

void DirectFrees::set(const TraceEvent& event, std::uint64_t stamp) {
  std::fill_n(&freed_[event.pfn.value], event.order.pages().value, stamp);
}

void DirectFrees::was_in_buddy(Pfn head, Order order) {
  const std::uint64_t end = std::min<std::uint64_t>(head.value + order.pages().value, freed_.size());
  for (std::uint64_t pfn = head.value; pfn < end; ++pfn) {
    if (freed_[pfn] != 0) {
      found_.push_back(freed_[pfn] - 1);
      freed_[pfn] = 0;
    }
  }
}

void DirectFrees::note(const TraceEvent& event, std::uint64_t number, bool taken) {
  if (!event.has_pfn || event.order.value >= kMaxOrders ||
      event.pfn.value + event.order.pages().value > freed_.size()) {
    return;
  }
  switch (event.kind) {
    case EventKind::free:
      return set(event, pcp_allowed(event.order, kPageblock) ? number + 1 : 0);
    case EventKind::alloc:
    case EventKind::pcpu_drain:
    case EventKind::buddy_free:
      return set(event, 0);
    case EventKind::zone_locked:
      return was_in_buddy(event.pfn, event.order);
    case EventKind::migrate:
      return was_in_buddy(event.to, Order{0});
    case EventKind::extfrag:
      return taken ? was_in_buddy(event.pfn, event.order) : void();
    default:
      return;
  }
}

void DirectFrees::note(const ZoneImage& zone) {
  for (unsigned order = 0; order <= zone.orders.max.value; ++order) {
    for (const std::vector<Pfn>& list : zone.free[order]) {
      std::ranges::for_each(list, [&](Pfn head) { was_in_buddy(head, Order{order}); });
    }
  }
}

std::vector<std::uint64_t> DirectFrees::numbers() && {
  std::ranges::sort(found_);
  found_.erase(std::ranges::unique(found_).begin(), found_.end());
  return std::move(found_);
}

}  // namespace gbsim
