// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_finder.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "sim/mm/pcp.h"

namespace gbsim {

namespace {

using Pages = std::unordered_set<std::uint64_t>;

void add_blocks(const std::vector<Pfn>& heads, Order order, Pages& pages) {
  for (const Pfn head : heads) {
    for (std::uint64_t i = 0; i < order.pages().value; ++i) {
      pages.insert(head.value + i);
    }
  }
}

/** On per-CPU lists. */
Pages cached_pages(const ZoneImage& zone) {
  Pages pages;
  for (const PcpImage& pcp : zone.pcps) {
    for (std::size_t list = 0; list < pcp.lists.size(); ++list) {
      add_blocks(pcp.lists[list], pcp_order(list, zone.orders.pageblock), pages);
    }
  }
  return pages;
}

}  // namespace

void UntracedFinder::set(const TraceEvent& event, Left left) {
  std::fill_n(&left_[event.pfn.value], event.order.pages().value, left);
}

void UntracedFinder::freed(const TraceEvent& event) {
  const Pfn until = event.pfn + event.order.pages();
  for (Pfn pfn = event.pfn; pfn < until; pfn += NrPages{1}) {
    if (const Left& left = left_[pfn.value]; left.is_out) {
      stays_.push_back({pfn, left.at, event.time});
    }
  }
  set(event, Left{});
}

void UntracedFinder::note(const TraceEvent& event, bool taken) {
  if (!names_block_below(event, end_)) {
    return;
  }
  if (taken) {
    return set(event, Left{event.time, true, false});
  }
  switch (event.kind) {
    case EventKind::free:
      return freed(event);
    case EventKind::alloc:
    case EventKind::pcpu_drain:
    case EventKind::buddy_free:
      return set(event, Left{});
    default:
      return;
  }
}

void UntracedFinder::note(const ZoneImage& zone) {
  const auto cached = cached_pages(zone);
  const Pfn until = std::min(zone.start + zone.spanned, end_);
  for (Pfn pfn = zone.start; pfn < until; pfn += NrPages{1}) {
    Left& left = left_[pfn.value];
    left.is_held = left.is_out && (left.is_held || !cached.contains(pfn.value));
  }
}

std::vector<UntracedStay> UntracedFinder::stays() && {
  for (Pfn pfn{}; pfn < end_; pfn += NrPages{1}) {
    if (const Left& left = left_[pfn.value]; left.is_held) {
      stays_.push_back({pfn, left.at, Ns::max()});
    }
  }
  std::ranges::stable_sort(stays_, {}, &UntracedStay::from);
  return std::move(stays_);
}

}  // namespace gbsim
