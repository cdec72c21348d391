// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/first_uses.h"

namespace gbsim {

void FirstUses::note(const TraceEvent& event) {
  if (!event.has_pfn || event.pfn >= kEndOfPages) {
    return;
  }
  switch (event.kind) {
    case EventKind::zone_locked:
      shows_lists_ = true;
      return set(event.pfn, event.order, typed(kFree, event.type));
    case EventKind::extfrag:
      return set(event.pfn, event.order, typed(kFree, event.fallback_type));
    case EventKind::pcpu_drain:
    case EventKind::buddy_free:
      return set(event.pfn, event.order, typed(kInUse, event.type));
    case EventKind::alloc:
      return set(event.pfn, event.order, kHandedOut);
    case EventKind::free:
      return set(event.pfn, event.order, kInUse);
    case EventKind::migrate:
      set(event.to, Order{0}, kFree);
      return set(event.pfn, Order{0}, kInUse);
    default:
      return;
  }
}

void FirstUses::set(Pfn head, Order order, std::uint8_t use) {
  any_ = true;
  for (std::uint64_t i = 0; i < order.pages().value; ++i) {
    const Pfn page = head + NrPages{i};
    if (pages_[page] == 0) {
      pages_.fill(page, NrPages{1}, use);
    }
  }
}

std::optional<Migratetype> FirstUses::type(Pfn pfn) const {
  const std::uint8_t use = pages_[pfn];
  return (use & kTyped) != 0 ? std::optional{static_cast<Migratetype>(use & kTypeMask)} : std::nullopt;
}

}  // namespace gbsim
