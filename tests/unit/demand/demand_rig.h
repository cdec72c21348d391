// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <initializer_list>
#include <vector>

#include "sim/demand/recorded_demand.h"

namespace gbsim::test {

constexpr Ns ms(std::int64_t count) { return Ns{count * 1'000'000}; }

inline TraceEvent alloc(Ns time, std::uint64_t pfn, unsigned order = 0, Migratetype type = Migratetype::unmovable) {
  TraceEvent event;
  event.kind = EventKind::alloc;
  event.time = time;
  event.pfn = Pfn{pfn};
  event.order = Order{order};
  event.type = type;
  event.gfp = 0xcc0;  // GFP_KERNEL
  return event;
}

inline TraceEvent freed(Ns time, std::uint64_t pfn, unsigned order = 0) {
  TraceEvent event = alloc(time, pfn, order);
  event.kind = EventKind::free;
  return event;
}

inline TraceEvent moved(Ns time, std::uint64_t from, std::uint64_t to) {
  TraceEvent event = alloc(time, from);
  event.kind = EventKind::migrate;
  event.to = Pfn{to};
  return event;
}

/** @pages of a range of a pageblock from @pfn on were taken. */
inline TraceEvent isolate(Ns time, std::uint64_t pfn, std::uint32_t pages) {
  TraceEvent event = alloc(time, pfn);
  event.kind = EventKind::isolate_range;
  event.to = Pfn{pfn + 512};
  event.gfp = pages;
  return event;
}

/** What the allocation of the GiB number @gib shows. */
template <class Each>
void isolate_gib(Ns time, std::uint64_t gib, Each each) {
  for (std::uint64_t block = gib * 512; block < (gib + 1) * 512; ++block) {
    each(isolate(time, block * 512, 512));
  }
}

inline RecordedDemand demand_of(std::initializer_list<TraceEvent> events) {
  DemandCollector collector;
  for (const TraceEvent& event : events) {
    collector.add(event);
  }
  return collector.finish();
}

/** By birth. */
inline std::vector<RecordedAllocation> lives_of(const RecordedDemand& demand) {
  std::vector<RecordedAllocation> lives;
  LifeReader reader(demand.allocations);
  while (const RecordedAllocation* life = reader.next()) {
    lives.push_back(*life);
  }
  return lives;
}

}  // namespace gbsim::test
