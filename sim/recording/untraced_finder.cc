// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_finder.h"

#include <algorithm>
#include <utility>

#include "sim/mm/pcp.h"

namespace gbsim {

namespace {

/** Pages of a zone that are on its free lists or on per-CPU lists. */
class ListedPages {
 public:
  explicit ListedPages(const ZoneImage& zone) : start_(zone.start), listed_(zone.spanned.value) {
    for (unsigned order = 0; order <= zone.orders.max.value; ++order) {
      for (const std::vector<Pfn>& list : zone.free[order]) {
        add(list, Order{order});
      }
    }
    for (const PcpImage& pcp : zone.pcps) {
      for (std::size_t list = 0; list < pcp.lists.size(); ++list) {
        add(pcp.lists[list], pcp_order(list, zone.orders.pageblock));
      }
    }
  }

  bool contains(Pfn pfn) const { return listed_[(pfn - start_).value]; }

 private:
  void add(const std::vector<Pfn>& heads, Order order) {
    for (const Pfn head : heads) {
      const std::uint64_t at = (head - start_).value;
      for (std::uint64_t page = at; page < std::min<std::uint64_t>(at + order.pages().value, listed_.size()); ++page) {
        listed_[page] = true;
      }
    }
  }

  Pfn start_;
  std::vector<bool> listed_;
};

}  // namespace

void UntracedFinder::set(Pfn head, Order order, Left left) {
  if (order == Order{0}) [[likely]] {
    left_[head.value] = left;
    return;
  }
  std::fill_n(&left_[head.value], order.pages().value, left);
}

/** The bulk allocator hands out single pages only; pages freed one by one and then as a block were a 1 GiB page's. */
void UntracedFinder::freed(const TraceEvent& event) {
  const bool is_single = event.order == Order{0};
  const Pfn until = event.pfn + event.order.pages();
  for (Pfn pfn = event.pfn; pfn < until; pfn += NrPages{1}) {
    const Left& left = left_[pfn.value];
    if (left.is_out && (is_single || !left.was_freed) && !may_be_unused_target(left)) {
      stays_.push_back({pfn, left.at, event.time});
    }
  }
  set(event.pfn, event.order, is_single ? Left{event.time, true, false, true} : Left{});
}

void UntracedFinder::note(const TraceEvent& event, bool taken) {
  if (event.kind == EventKind::compaction || event.kind == EventKind::migrate || event.kind == EventKind::isolate) {
    compacted_ = event.time;
  }
  if (event.kind == EventKind::migrate && event.to < end_) {
    return set(event.to, Order{0}, Left{});
  }
  if (!names_block_below(event, end_)) {
    return;
  }
  if (taken) {
    const bool is_in_file = file_knows_removals_ && event.kind == EventKind::zone_locked;
    return set(event.pfn, event.order, Left{event.time, !is_in_file, false, false});
  }
  switch (event.kind) {
    case EventKind::free:
      return freed(event);
    case EventKind::alloc:
    case EventKind::pcpu_drain:
    case EventKind::buddy_free:
      return set(event.pfn, event.order, Left{});
    default:
      return;
  }
}

void UntracedFinder::note(const ZoneImage& zone) {
  const ListedPages listed(zone);
  const Pfn until = std::min(zone.start + zone.spanned, end_);
  for (Pfn pfn = zone.start; pfn < until; pfn += NrPages{1}) {
    Left& left = left_[pfn.value];
    left.is_held = left.is_out && (left.is_held || !listed.contains(pfn));
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
