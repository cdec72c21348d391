// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_search.h"

#include <algorithm>
#include <array>

namespace gbsim {

namespace {

Pfn block_below(const Zone& zone, Pfn pfn, std::uint64_t distance) {
  const NrPages back{std::min(distance, pfn.value)};
  return (pfn - back).align_down(zone.orders().pageblock);
}

/**
 * The upper half of what lies between both scanners may serve, the upper quarter is preferred. Where the run's own
 * scanner does not give the recorded half, the quarter is half of that.
 */
TargetSearch space_of(const Zone& zone, const TraceEvent& event, const CompactionRun& run) {
  if (!event.has_pfn) {
    return {.preferred = zone.end(), .acceptable = zone.end()};  // the scanners have met: nothing serves
  }
  const std::uint64_t half = event.pfn < event.to ? (event.to - event.pfn).value : 0;
  const std::uint64_t distance = run.migrate_pfn < event.to ? (event.to - run.migrate_pfn).value : 0;
  const bool is_known = block_below(zone, event.to, distance / 2) == event.pfn;
  return {.preferred = block_below(zone, event.to, is_known ? distance / 4 : half / 2), .acceptable = event.pfn};
}

bool gives(const FoundTarget& found, const TraceEvent& event) {
  const std::uint64_t taken = found.block ? found.order.pages().value - 1 : 0;
  return found.scanned + taken == event.scanned && found.block.has_value() == took_block(event) &&
         (!took_block(event) || found.order == event.order);
}

/** At the zone's end the kernel looks further: fast_isolate_freepages(). */
unsigned limit_at_start(const Zone& zone) {
  return static_cast<unsigned>(zone.orders().pageblock.pages().value / 2);
}

class Tries {
 public:
  Tries(const Zone& zone, const TraceEvent& event, const CompactionRun& run)
      : zone_(zone), event_(event), search_(space_of(zone, event, run)) {}

  std::optional<FoundTarget> attempt(Order wish, Order first, unsigned limit) const {
    TargetSearch search = search_;
    search.wish = std::min(wish, zone_.orders().max.next());
    search.first = std::min(first, search.wish.prev());
    search.limit = limit;
    const FoundTarget found = find_target(zone_, search);
    return gives(found, event_) ? std::optional(found) : std::nullopt;
  }

  /** All beginnings. */
  std::optional<FoundTarget> attempt_all(Order wish, unsigned limit) const {
    for (Order first{0}; first < wish; ++first) {
      if (const auto found = attempt(wish, first, limit)) {
        return found;
      }
    }
    return std::nullopt;
  }

 private:
  const Zone& zone_;
  const TraceEvent& event_;
  TargetSearch search_;
};

}  // namespace

std::optional<FoundTarget> recorded_target(const Zone& zone, const TraceEvent& event, const CompactionRun& run) {
  const Tries tries(zone, event, run);
  const Order wish = run.wish == Order{0} ? zone.orders().pageblock : run.wish;
  for (const unsigned limit : {target_search_limit(run.search_fails), limit_at_start(zone)}) {
    if (const auto found = tries.attempt(wish, run.search_order, limit)) {
      return found;
    }
  }
  for (const unsigned limit : {16U, limit_at_start(zone), 8U, 4U, 2U, 1U}) {
    if (const auto found = tries.attempt_all(wish, limit)) {
      return found;
    }
  }
  return std::nullopt;
}

void note_search(CompactionRun& run, const TraceEvent& event, const std::optional<FoundTarget>& found,
                 const Zone& zone) {
  if (!took_block(event)) {
    ++run.search_fails;
    run.search_order = next_search_order(run.search_order, std::max(run.wish, Order{1}));
  } else if (!found || *found->block >= space_of(zone, event, run).preferred) {
    run.search_fails = 0;
    run.search_order = event.order;
  }
}

std::optional<FoundSource> recorded_source(const Zone& zone, const TraceEvent& event, const CompactionRun& run) {
  const bool at_start = run.migrate_pfn == zone.start();
  const bool begins_block = at_start || run.migrate_pfn.is_aligned(zone.orders().pageblock);
  if (!begins_block || run.wish <= kCostlyOrder || run.free_pfn <= run.migrate_pfn) {
    return std::nullopt;
  }
  const std::uint64_t distance = (run.free_pfn - run.migrate_pfn).value / (at_start ? 2 : 8);
  const Pfn below = (run.migrate_pfn + NrPages{distance}).align_down(zone.orders().pageblock);
  const auto leads_there = [&](Pfn pfn) {
    return event.has_pfn && pfn < below &&
           std::max(pfn.align_down(zone.orders().pageblock), zone.start()) == event.pfn;
  };
  const Order top = std::min(run.wish.prev(), zone.orders().max);
  return find_source(zone, top, fast_search_limit(run.search_fails), leads_there);
}

}  // namespace gbsim
