// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/unseen_calls.h"

#include "sim/allocator/page_allocator.h"
#include "sim/mm/pcp_rules.h"
#include "sim/replay/recorded_call.h"
#include "sim/replay/steered_refill.h"

namespace gbsim {

namespace {

constexpr Ns kSameRefill{200'000};  // between two pages that one refill takes

}  // namespace

UnseenCalls::UnseenCalls(Memory& memory, PlacementPolicy& placement, const UntracedPages& untraced,
                         ReplayCounts& counts)
    : memory_(memory),
      placement_(placement),
      untraced_(untraced),
      pages_(memory),
      skipped_(counts.skipped),
      corrections_(counts.corrections),
      bursts_(memory.nr_cpus()) {}

void UnseenCalls::take_held(const PageRequest& request, Ns now) {
  if (request.order != Order{0}) {
    return;  // the bulk allocator takes single pages
  }
  for (Zone* zone : memory_.zonelist(request.node, highest_zone(request.gfp))) {
    take_held(*zone, request.cpu, {request.order, request.gfp.migratetype()}, now);
  }
}

void UnseenCalls::take_held(Zone& zone, CpuId cpu, PcpKey key, Ns now) {
  const PcpRing& list = pcp_ring(zone, cpu, key);
  while (!list.empty() && untraced_.holds(zone.pfn(list.head()), now)) {
    skipped_.add("taken_unannounced");
    take_unannounced(zone, zone.pfn(list.head()), key);
  }
}

/**
 * A page that untraced.csv knows left the buddy in a refill for a call that no event shows: by then its CPU had used up
 * what it had. Only the moment and the CPU are taken from the event; what the refill brings is our own affair.
 */
bool UnseenCalls::note_removal(const TraceEvent& event) {
  Zone* zone = event.has_pfn ? pages_.zone_of(event.pfn, event.order) : nullptr;
  const bool unannounced = zone != nullptr && zone->caches_per_cpu(event.order) && is_mergeable(event.type) &&
                           untraced_.holds(event.pfn, event.time);
  if (!unannounced) {
    return false;
  }
  Burst& burst = bursts_[cpu_of(memory_, event).value];
  const bool goes_on = burst.type == event.type && event.time - burst.last < kSameRefill;
  burst = Burst{event.time, event.type};
  if (!RecordedPages::any_free(*zone, event.pfn, event.order)) {
    return true;
  }
  if (!goes_on) {
    refill_unannounced(*zone, event, {event.order, event.type});
  }
  extend_refill(*zone, event);
  return true;
}

/** By the bulk allocator, which does not end frees in a row. */
void UnseenCalls::refill_unannounced(Zone& zone, const TraceEvent& event, PcpKey key) {
  const CpuId cpu = cpu_of(memory_, event);
  take_held(zone, cpu, key, event.time);
  corrections_.add("refilled_unannounced");
  return_list(zone, cpu, key);
  refill_on(memory_, placement_, zone, cpu, key, static_cast<std::size_t>(refill_count(zone, cpu, key.order)));
}

/** The refill went on for longer than ours, up to the page of @event. */
void UnseenCalls::extend_refill(Zone& zone, const TraceEvent& event) {
  constexpr std::size_t kMost = 64;
  const CpuId cpu = cpu_of(memory_, event);
  const PcpKey key{event.order, event.type};
  refill_on(memory_, placement_, zone, cpu, key, kMost, event.pfn);
  if (RecordedPages::any_free(zone, event.pfn, event.order)) {
    RecordedPages::seize(zone, event.pfn, event.order, event.type, false);
    zone.clear_raw(event.pfn, event.order);
    append_to_pcp(zone, cpu, event.pfn, key);
  }
}

}  // namespace gbsim
