// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/gigantic_pages.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/replay/contiguous_alloc.h"

namespace gbsim {

namespace {

/** Of x86-64, the only one on which 1 GiB pages are of this order. */
constexpr Order kPageblock{9};

/** Stands for a birth before the recording until its beginning is asked for. */
constexpr Ns kBefore = Ns::min();

}  // namespace

void GiganticPages::note_isolation(const TraceEvent& event) {
  const NrPages pages = contiguous_pages(event, kPageblock);
  Run& run = runs_[event.cpu];
  if (pages == NrPages{0} || event.pfn != run.to) {
    run = {event.pfn, event.pfn};
  }
  run.to += pages;
  if (!run.from.is_aligned(kGiganticOrder) || run.to - run.from < kGiganticOrder.pages()) {
    return;
  }
  give_way(run.from, event.time);
  held_[run.from].life = {run.from, event.time, Ns::max(), event.cpu};
  run = {};
}

bool GiganticPages::release(const TraceEvent& freed) {
  const Pfn first = freed.pfn.align_down(kGiganticOrder);
  const auto page = held_.find(first);
  if (page == held_.end()) {
    if (freed.order == kGiganticOrder) {
      ended_.push_back({first, kBefore, freed.time, freed.cpu});
    }
    return freed.order == kGiganticOrder;
  }
  page->second.freed += freed.order.pages();
  if (page->second.freed >= kGiganticOrder.pages()) {
    end(first, freed.time);
  }
  return true;
}

void GiganticPages::give_way(Pfn pfn, Ns time) {
  if (!held_.empty() && held_.contains(pfn.align_down(kGiganticOrder))) {
    end(pfn.align_down(kGiganticOrder), time);
  }
}

void GiganticPages::end(Pfn first, Ns time) {
  ended_.push_back(held_.extract(first).mapped().life);
  ended_.back().died = time;
}

std::vector<GiganticLife> GiganticPages::finish(Ns begin) {
  for (const auto& [first, page] : held_) {
    ended_.push_back(page.life);
  }
  held_.clear();
  for (GiganticLife& page : ended_) {
    page.born = std::max(page.born, begin);
  }
  std::ranges::sort(ended_, {}, [](const GiganticLife& page) { return std::tuple(page.born, page.pfn); });
  return std::exchange(ended_, {});
}

}  // namespace gbsim
