// SPDX-License-Identifier: GPL-2.0-or-later
// How the model finds back to the recording, and what it learns from events that are no calls.
#include <algorithm>

#include "sim/allocator/rmqueue.h"
#include "sim/mm/pcp_rules.h"
#include "sim/recording/kernel_gfp.h"
#include "sim/replay/allocs_replay.h"
#include "sim/replay/contiguous_alloc.h"
#include "sim/replay/steered_refill.h"

namespace gbsim {

namespace {

constexpr Ns kSameRefill{200'000};  // between two pages that one refill takes

/** A list of @key, of any CPU, has the block. */
bool is_cached(Zone& zone, Pfn block, PcpKey key) {
  if (zone.slot(block).kind() != Slot::Kind::pcp) {
    return false;
  }
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    if (holds(zone.pcp(CpuId{cpu}).lists[pcp_list(key.order, key.type)], zone.page(block))) {
      return true;
    }
  }
  return false;
}

/** The CPU's list takes @pfn back at its head. */
void return_to_pcp(Zone& zone, CpuId cpu, Pfn pfn, PcpKey key) {
  zone.clear_raw(pfn, key.order);
  RecordedPages::join_pcp(zone, {cpu, pcp_list(key.order, key.type), ListEnd::head}, pfn, key.type);
}

/** The block is allocated from now on, whatever held its pages. */
void take_range(Zone& zone, Pfn head, Order order, Migratetype type) {
  const bool migratable = type == Migratetype::movable;
  RecordedPages::leave_pcp(zone, head, order);
  if (RecordedPages::any_free(zone, head, order)) {
    RecordedPages::seize(zone, head, order, type, migratable);
  } else {
    RecordedPages::label(zone, head, order, type, migratable);
  }
}

}  // namespace

void AllocsReplay::lead_back(Zone& zone, const TraceEvent& event, Maybe<Pfn> ours) {
  const PageRequest request = request_of(event);
  lessons_.learn({ours ? memory_.zone_of(*ours) : zone, zone, request, tries_}, counts_.corrections);
  if (how_ == LeadBack::by_lists) {
    counts_.corrections.add("led_back_to_the_lists");
    is_lost_ = true;
    return;
  }
  if (ours) {
    put_back(*ours, event);
  }
  if (!zone.caches_per_cpu(event.order)) {
    return take_recorded(zone, event);
  }
  const PcpKey key = key_of(event);
  Zone* const mine = ours ? &memory_.zone_of(*ours) : nullptr;
  if (is_cached(zone, event.pfn, key)) {
    if (mine != nullptr && mine != &zone) {
      undo_refill(*mine, event, key);
    }
    rearrange(zone, event, key);
    return take_from_own_list(zone, event) ? void() : take_recorded(zone, event);
  }
  const std::size_t brought = mine != nullptr ? undo_refill(*mine, event, key) : 0;
  find_list(zone, event, key, mine == &zone ? brought : 0);
}

/** The recorded page is on no list of its kind. Unless ours is used further, the kernel's was refilled from there. */
void AllocsReplay::find_list(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t brought) {
  if (brought == 0 && is_used_further(zone, event, key)) {
    return take_recorded(zone, event);
  }
  counts_.corrections.add("list_refuted", return_lists_with(zone, event.pfn, event.order));
  if (brought == 0) {
    counts_.corrections.add("refilled_unforeseen");
    return_list(zone, cpu_of(event), key);
    brought = static_cast<std::size_t>(refill_count(zone, cpu_of(event), key.order));
  } else {
    counts_.corrections.add("refilled_elsewhere");
  }
  refill_from(zone, event, key, brought);
}

std::size_t AllocsReplay::undo_refill(Zone& mine, const TraceEvent& event, PcpKey key) {
  if (std::ranges::find(found_empty_, &mine) == found_empty_.end()) {
    return 0;
  }
  const std::size_t brought = ring(mine, cpu_of(event), key).size();
  return_list(mine, cpu_of(event), key);
  return_claims(mine, fallbacks_.last(), event.pfn);
  return brought;
}

/** The CPU's next such call, but for pages freed meanwhile, finds its page on the list as we have it. */
bool AllocsReplay::is_used_further(Zone& zone, const TraceEvent& event, PcpKey key) const {
  const PcpRing& list = ring(zone, cpu_of(event), key);
  std::vector<Pfn> freed;
  std::optional<bool> is_used;
  window_.for_each_call([&](const TraceEvent& call) {
    if (is_used || call.cpu != event.cpu || call.order != key.order || !zone.contains(call.pfn)) {
      return;
    }
    if (call.kind == EventKind::free) {
      freed.push_back(call.pfn);
    } else if (key_of(call).type == key.type && std::ranges::find(freed, call.pfn) == freed.end()) {
      is_used = holds(list, zone.page(call.pfn));
    }
  });
  return is_used.value_or(!list.empty());
}

/** A refill of so many blocks that begins with the recorded page. */
void AllocsReplay::refill_from(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t blocks) {
  if (claim_for(zone, event.pfn, key.type)) {
    counts_.corrections.add("pageblock_claimed");
  }
  const std::vector<Pfn> path = refill_path(zone, event.pfn, key, blocks - 1);
  take_recorded(zone, event);
  refill_along(zone, cpu_of(event), key, path);
  refill_on(zone, cpu_of(event), key, blocks - 1 - path.size());
}

/** Lists that are longer than we let them grow would have been drained: the kernel's limit must be higher. */
void AllocsReplay::note_led_back() {
  is_lost_ = false;
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    Zone& zone = memory_.zone(i);
    for (unsigned cpu = 0; zone.rules().pcp_tunes_high && cpu < zone.nr_cpus(); ++cpu) {
      PcpLists& pcp = zone.pcp(CpuId{cpu});
      pcp.high = bounded_high(pcp, std::max(pcp.high, pcp.count + 1));
    }
  }
}

/** As if the allocation had not been: to the head of the list it came from. */
void AllocsReplay::put_back(Pfn pfn, const TraceEvent& event) {
  Zone& zone = memory_.zone_of(pfn);
  if (zone.caches_per_cpu(event.order)) {
    return return_to_pcp(zone, cpu_of(event), pfn, {event.order, request_of(event).gfp.migratetype()});
  }
  zone.run_on(cpu_of(event));
  zone.clear_raw(pfn, event.order);
  zone.free_one(pfn, event.order);
}

void AllocsReplay::rearrange(Zone& zone, const TraceEvent& event, PcpKey key) {
  for (const auto& [block, is_freed_next] : rearrange_pcps(zone, key, event, window_)) {
    const bool is_taken = is_freed_next || (key.order == Order{0} && untraced_.holds(block, event.time));
    counts_.corrections.add(is_taken ? "taken_unannounced" : "drained_unannounced");
    is_taken ? zone.set_raw(block, key.order, key.type, false) : zone.free_one(block, key.order);
  }
}

void AllocsReplay::take_unannounced(Zone& zone, Pfn pfn, PcpKey key) {
  RecordedPages::leave_pcp(zone, pfn, key.order);
  RecordedPages::label(zone, pfn, key.order, key.type, key.type == Migratetype::movable);
}

void AllocsReplay::take_held(const PageRequest& request, Ns now) {
  if (request.order != Order{0}) {
    return;  // the bulk allocator takes single pages
  }
  for (Zone* zone : memory_.zonelist(request.node, highest_zone(request.gfp))) {
    take_held(*zone, request.cpu, {request.order, request.gfp.migratetype()}, now);
  }
}

void AllocsReplay::take_held(Zone& zone, CpuId cpu, PcpKey key, Ns now) {
  const PcpRing& list = ring(zone, cpu, key);
  while (!list.empty() && untraced_.holds(zone.pfn(list.head()), now)) {
    counts_.skipped.add("taken_unannounced");
    take_unannounced(zone, zone.pfn(list.head()), key);
  }
}

/** The recorded page is further down the CPU's list: those above it were taken by calls that no event shows. */
bool AllocsReplay::take_from_own_list(Zone& zone, const TraceEvent& event) {
  const PcpKey key = key_of(event);
  if (!zone.caches_per_cpu(key.order) || !holds(ring(zone, cpu_of(event), key), zone.page(event.pfn))) {
    return false;
  }
  const PcpRing& list = ring(zone, cpu_of(event), key);
  for (Pfn taken{}; taken != event.pfn;) {
    taken = zone.pfn(list.head());
    take_unannounced(zone, taken, key);
  }
  return true;
}

void AllocsReplay::refill_on(Zone& zone, CpuId cpu, PcpKey key, std::size_t most, Maybe<Pfn> last) {
  PlacementMode mode = PlacementMode::normal;
  Rmqueue queue(memory_, allocator_.placement(), zone, cpu);
  for (std::size_t i = 0; i < most && (!last || RecordedPages::any_free(zone, *last, key.order)); ++i) {
    if (const auto block = queue.take_any(PlacementRequest{key.order, key.type, AllocFlags{}}, mode)) {
      append_to_pcp(zone, cpu, block->pfn, key);
    }
  }
}

/** The refill went on for longer than ours, up to the page of @event. */
void AllocsReplay::extend_refill(Zone& zone, const TraceEvent& event) {
  constexpr std::size_t kMost = 64;
  const PcpKey key{event.order, event.type};
  refill_on(zone, cpu_of(event), key, kMost, event.pfn);
  if (RecordedPages::any_free(zone, event.pfn, event.order)) {
    RecordedPages::seize(zone, event.pfn, event.order, event.type, false);
    zone.clear_raw(event.pfn, event.order);
    append_to_pcp(zone, cpu_of(event), event.pfn, key);
  }
}

/** The recorded block leaves whatever holds it in our memory. */
void AllocsReplay::take_recorded(Zone& zone, const TraceEvent& event) {
  const bool was_on_pcp = RecordedPages::any_on_pcp(zone, event.pfn, event.order);
  const bool was_free = RecordedPages::any_free(zone, event.pfn, event.order);
  counts_.corrections.add(was_free     ? "allocated_from_the_buddy_out_of_turn"
                          : was_on_pcp ? "allocated_from_a_pcp_out_of_turn"
                                       : "allocated_while_allocated");
  take_range(zone, event.pfn, event.order, request_of(event).gfp.migratetype());
}

/** What a free gives back was taken before, whether or not an event showed that. */
void AllocsReplay::take_unseen(Zone& zone, Pfn head, Order order) {
  if (RecordedPages::any_free(zone, head, order) || RecordedPages::any_on_pcp(zone, head, order)) {
    counts_.corrections.add("freed_while_free");
    is_lost_ = is_lost_ || how_ == LeadBack::by_lists;
  }
  take_range(zone, head, order, Migratetype::movable);
}

void AllocsReplay::free(const TraceEvent& event) {
  const Pfn until = event.pfn + event.order.pages();
  for (Pfn at = event.pfn; at < until;) {
    const Order part = std::min(event.order, memory_.zone_of(at).orders().max);
    Zone* zone = pages_.zone_of(at, part);
    if (zone == nullptr) {
      return counts_.skipped.add("outside_of_zones");
    }
    if (!RecordedPages::is_one_allocated(*zone, at, part)) {
      take_unseen(*zone, at, part);
    }
    take_held(*zone, cpu_of(event), {Order{0}, Migratetype::unmovable}, event.time);  // a drain would free them
    memory_.free_pages(at, part, cpu_of(event));
    at += part.pages();
  }
}

void AllocsReplay::migrate(const TraceEvent& event) {
  Zone* zone = pages_.zone_of(event.to, Order{0});
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  take_range(*zone, event.to, Order{0}, Migratetype::movable);
}

/** Allocators of contiguous pages choose their range themselves: there is nothing to foretell. */
void AllocsReplay::isolate_range(const TraceEvent& event) {
  const Order pageblock = memory_.zone(0).orders().pageblock;
  const NrPages pages = contiguous_pages(event, pageblock);
  if (pages == NrPages{0}) {
    ++no_calls_;
  } else if (!allocate_contiguous(pages_, event.pfn, pages, pageblock)) {
    counts_.skipped.add("outside_of_zones");
  }
}

/**
 * A page that untraced.csv knows left the buddy in a refill for a call that no event shows: by then its CPU had used up
 * what it had. Only the moment and the CPU are taken from the event; what the refill brings is our own affair.
 */
void AllocsReplay::zone_locked(const TraceEvent& event) {
  Zone* zone = event.has_pfn ? pages_.zone_of(event.pfn, event.order) : nullptr;
  const bool unannounced = zone != nullptr && zone->caches_per_cpu(event.order) && is_mergeable(event.type) &&
                           untraced_.holds(event.pfn, event.time);
  if (!unannounced) {
    ++no_calls_;
    return;
  }
  Burst& burst = bursts_[cpu_of(event).value];
  const bool goes_on = burst.type == event.type && event.time - burst.last < kSameRefill;
  burst = Burst{event.time, event.type};
  if (!RecordedPages::any_free(*zone, event.pfn, event.order)) {
    return;
  }
  if (!goes_on) {
    refill_unannounced(*zone, event, {event.order, event.type});
  }
  extend_refill(*zone, event);
}

/** By the bulk allocator, which does not end frees in a row. */
void AllocsReplay::refill_unannounced(Zone& zone, const TraceEvent& event, PcpKey key) {
  take_held(zone, cpu_of(event), key, event.time);
  counts_.corrections.add("refilled_unannounced");
  return_list(zone, cpu_of(event), key);
  refill_on(zone, cpu_of(event), key, static_cast<std::size_t>(refill_count(zone, cpu_of(event), key.order)));
}

}  // namespace gbsim
