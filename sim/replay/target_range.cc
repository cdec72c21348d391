// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/target_range.h"

#include <array>

namespace gbsim {

namespace {

/** Pages up to the next place, had the scan no step: compound pages and what is taken are passed at once. */
NrPages pages_passed(const Zone& zone, Pfn at, Pfn end, const std::optional<RecordedPages::FreeBlock>& taken) {
  if (taken) {
    return taken->order.pages();
  }
  const Slot slot = zone.slot(at);
  const bool is_compound = slot.kind() == Slot::Kind::raw && at + slot.order().pages() <= end;
  return is_compound ? slot.order().pages() : NrPages{1};
}

std::optional<TargetRange> scan(const RecordedPages& pages, const TraceEvent& event, std::uint64_t step) {
  TargetRange range;
  for (Pfn at = event.pfn; at < event.to;) {
    const Zone* zone = pages.zone_of(at, Order{0});
    if (zone == nullptr) {
      return std::nullopt;
    }
    auto block = RecordedPages::free_block_at(*zone, at);
    if (block && (block->head != at || range.taken >= pages_taken(event))) {
      block.reset();
    }
    if (block) {
      range.blocks.push_back(*block);
      range.taken += block->order.pages();
    }
    const NrPages passed = pages_passed(*zone, at, event.to, block);
    range.scanned += passed.value;
    if (block && range.agrees_with(event)) {
      return range;  // enough: the kernel stopped here
    }
    at += passed + NrPages{step - 1};
  }
  return range;
}

}  // namespace

std::optional<TargetRange> recorded_targets(const RecordedPages& pages, const TraceEvent& event) {
  constexpr std::array<std::uint64_t, 6> kSteps{1, 32, 16, 8, 4, 2};  // the commonest first
  const auto by_page = scan(pages, event, kSteps.front());
  auto best = by_page;
  for (const std::uint64_t step : kSteps) {
    const auto range = step == kSteps.front() ? by_page : scan(pages, event, step);
    if (!range || range->agrees_with(event)) {
      return range;
    }
    const bool is_closer = range->taken == pages_taken(event) && best->taken != pages_taken(event);
    best = is_closer ? range : best;
  }
  return best;
}

}  // namespace gbsim
