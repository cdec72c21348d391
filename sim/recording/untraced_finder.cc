// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_finder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "sim/recording/page_set.h"

namespace gbsim {

namespace {

/** On a free list or on a per-CPU list. */
PageSet listed_pages(const ZoneImage& zone) {
  PageSet listed(zone.start, zone.spanned);
  const auto add = [&](Pfn head, Order order) { listed.add(head, order); };
  zone.for_each_free(add);
  zone.for_each_on_pcp(add);
  return listed;
}

}  // namespace

void UntracedFinder::set(Pfn head, Order order, std::uint8_t signs, Ns since) {
  if (order == Order{0}) [[likely]] {
    signs_[head.value] = signs;
  } else {
    std::fill_n(&signs_[head.value], order.pages().value, signs);
  }
  if (signs != 0) {
    std::fill_n(&since_[head.value], order.pages().value, since);
  }
}

/** The bulk allocator hands out single pages only; pages freed one by one and then as a block were a 1 GiB page's. */
void UntracedFinder::note_free(const TraceEvent& event) {
  const bool is_single = event.order == Order{0};
  const Pfn until = event.pfn + event.order.pages();
  for (Pfn pfn = event.pfn; pfn < until; pfn += NrPages{1}) {
    const std::uint8_t signs = signs_[pfn.value];
    if ((signs & out) != 0 && (is_single || (signs & freed) == 0) && !may_be_unused_target(pfn)) {
      stays_.push_back({pfn, since_[pfn.value], event.time});
    }
  }
  set(event.pfn, event.order, is_single ? out | freed : 0, event.time);
}

void UntracedFinder::note(const TraceEvent& event, bool taken) {
  if (shows_compaction(event.kind)) {
    compacted_ = event.time;
  }
  if (event.kind == EventKind::migrate && event.to < end_) {
    return set(event.to, Order{0}, 0);
  }
  if (!names_block_below(event, end_)) {
    return;
  }
  if (taken) {
    return set(event.pfn, event.order, out, event.time);
  }
  switch (event.kind) {
    case EventKind::free:
      return note_free(event);
    case EventKind::alloc:
    case EventKind::pcpu_drain:
    case EventKind::buddy_free:
      return set(event.pfn, event.order, 0);
    default:
      return;
  }
}

/** @visit(pfn, signs) for each page of [@from, @until) that has any: few do, so eight at a time are passed over. */
template <class Visit>
void UntracedFinder::for_each_sign(Pfn from, Pfn until, Visit&& visit) {
  for (Pfn pfn = from; pfn < until;) {
    std::uint64_t word = 1;
    if (until - pfn >= NrPages{sizeof word}) {
      std::memcpy(&word, &signs_[pfn.value], sizeof word);
    }
    if (word == 0) {
      pfn += NrPages{sizeof word};
      continue;
    }
    if (signs_[pfn.value] != 0) {
      visit(pfn, signs_[pfn.value]);
    }
    pfn += NrPages{1};
  }
}

void UntracedFinder::note(const ZoneImage& zone) {
  const PageSet listed = listed_pages(zone);
  const Pfn until = std::min(zone.start + zone.spanned, end_);
  for_each_sign(zone.start, until, [&](Pfn pfn, std::uint8_t& signs) {
    const bool is_held = (signs & out) != 0 && ((signs & held) != 0 || !listed.contains(pfn));
    signs = static_cast<std::uint8_t>((signs & ~held) | (is_held ? held : 0));
  });
}

std::vector<UntracedStay> UntracedFinder::stays() && {
  for_each_sign(Pfn{}, end_, [&](Pfn pfn, std::uint8_t signs) {
    if ((signs & held) != 0) {
      stays_.push_back({pfn, since_[pfn.value], Ns::max()});
    }
  });
  std::ranges::stable_sort(stays_, {}, &UntracedStay::from);
  return std::move(stays_);
}

}  // namespace gbsim
