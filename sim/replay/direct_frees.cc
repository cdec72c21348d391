// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/direct_frees.h"

#include <algorithm>

#include "sim/mm/page_map.h"
#include "sim/mm/pcp.h"

namespace gbsim {

namespace {

constexpr Order kPageblock{9};                                // of x86-64
constexpr std::uint64_t kMostPages = std::uint64_t{1} << 34;  // 64 TiB: what no page frame number exceeds

}  // namespace

/** Entries of the block's pages; nullptr where the event has none that could be real. */
std::uint64_t* DirectFreeFinder::pages_of(const TraceEvent& event) {
  const std::uint64_t end = event.pfn.value + event.order.pages().value;
  if (!event.has_pfn || end > kMostPages || event.order.value >= kMaxOrders) {
    return nullptr;
  }
  if (end > freed_.size()) {
    freed_.resize(std::max(end, freed_.size() + freed_.size() / 2), 0);
  }
  return &freed_[event.pfn.value];
}

void DirectFreeFinder::note(const TraceEvent& event, std::uint64_t number) {
  std::uint64_t* pages = pages_of(event);
  if (pages == nullptr) {
    return;
  }
  switch (event.kind) {
    case EventKind::free:
      std::fill_n(pages, event.order.pages().value, pcp_allowed(event.order, kPageblock) ? number : 0);
      return;
    case EventKind::alloc:
    case EventKind::pcpu_drain:
      std::fill_n(pages, event.order.pages().value, 0);
      return;
    case EventKind::zone_locked:
    case EventKind::extfrag:
      return left_list(event);
    default:
      return;
  }
}

void DirectFreeFinder::left_list(const TraceEvent& event) {
  std::uint64_t* pages = pages_of(event);
  for (std::uint64_t i = 0; i < event.order.pages().value; ++i) {
    if (pages[i] != 0 && (found_.empty() || found_.back() != pages[i])) {
      found_.push_back(pages[i]);
    }
    pages[i] = 0;
  }
}

std::vector<std::uint64_t> DirectFreeFinder::take() {
  std::ranges::sort(found_);
  found_.erase(std::ranges::unique(found_).begin(), found_.end());
  return std::move(found_);
}

}  // namespace gbsim
