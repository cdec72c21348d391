// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/call_lead_back.h"

#include <algorithm>
#include <optional>

#include "sim/allocator/page_allocator.h"
#include "sim/mm/pcp_rules.h"
#include "sim/replay/recorded_call.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/steered_refill.h"

namespace gbsim {

namespace {

/** A list of @key, of any CPU, has the block. */
bool is_cached(Zone& zone, Pfn block, PcpKey key) {
  if (zone.slot(block).kind() != Slot::Kind::pcp) {
    return false;
  }
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    if (zone.pcp(CpuId{cpu}).lists[pcp_list(key.order, key.type)].contains(zone.page(block))) {
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

}  // namespace

CpuId CallLeadBack::cpu_of(const TraceEvent& event) const { return gbsim::cpu_of(context_.memory, event); }

void CallLeadBack::begin(const PageRequest& request) {
  found_empty_.clear();
  for (Zone* zone : context_.memory.zonelist(request.node, highest_zone(request.gfp))) {
    if (zone->caches_per_cpu(request.order) &&
        pcp_ring(*zone, request.cpu, {request.order, request.gfp.migratetype()}).empty()) {
      found_empty_.push_back(zone);
    }
  }
}

void CallLeadBack::put_back(Pfn pfn, const TraceEvent& event) {
  Zone& zone = context_.memory.zone_of(pfn);
  if (zone.caches_per_cpu(event.order)) {
    const Migratetype type = request_of(context_.memory, event).gfp.migratetype();
    return return_to_pcp(zone, cpu_of(event), pfn, {event.order, type});
  }
  zone.run_on(cpu_of(event));
  zone.clear_raw(pfn, event.order);
  zone.free_one(pfn, event.order);
}

void CallLeadBack::lead_back(Zone& zone, const TraceEvent& event, Maybe<Pfn> ours) {
  if (ours) {
    put_back(*ours, event);
  }
  if (!zone.caches_per_cpu(event.order)) {
    return take_recorded(zone, event);
  }
  const PcpKey key = key_of(event);
  Zone* const mine = ours ? &context_.memory.zone_of(*ours) : nullptr;
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
void CallLeadBack::find_list(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t brought) {
  if (brought == 0 && is_used_further(zone, event, key)) {
    return take_recorded(zone, event);
  }
  corrections_.add("list_refuted", return_lists_with(zone, event.pfn, event.order));
  if (brought == 0) {
    corrections_.add("refilled_unforeseen");
    return_list(zone, cpu_of(event), key);
    brought = static_cast<std::size_t>(refill_count(zone, cpu_of(event), key.order));
  } else {
    corrections_.add("refilled_elsewhere");
  }
  refill_from(zone, event, key, brought);
}

std::size_t CallLeadBack::undo_refill(Zone& mine, const TraceEvent& event, PcpKey key) {
  if (std::ranges::find(found_empty_, &mine) == found_empty_.end()) {
    return 0;
  }
  const std::size_t brought = pcp_ring(mine, cpu_of(event), key).size();
  return_list(mine, cpu_of(event), key);
  return_claims(mine, context_.fallbacks.last(), event.pfn);
  return brought;
}

/** The CPU's next such call, but for pages freed meanwhile, finds its page on the list as we have it. */
bool CallLeadBack::is_used_further(Zone& zone, const TraceEvent& event, PcpKey key) const {
  const PcpRing& list = pcp_ring(zone, cpu_of(event), key);
  std::vector<Pfn> freed;
  std::optional<bool> is_used;
  context_.window.for_each_call([&](const TraceEvent& call) {
    if (is_used || call.cpu != event.cpu || call.order != key.order || !zone.contains(call.pfn)) {
      return;
    }
    if (call.kind == EventKind::free) {
      freed.push_back(call.pfn);
    } else if (key_of(call).type == key.type && std::ranges::find(freed, call.pfn) == freed.end()) {
      is_used = list.contains(zone.page(call.pfn));
    }
  });
  return is_used.value_or(!list.empty());
}

/** A refill of so many blocks that begins with the recorded page. */
void CallLeadBack::refill_from(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t blocks) {
  if (claim_for(zone, event.pfn, key.type)) {
    corrections_.add("pageblock_claimed");
  }
  const std::vector<Pfn> path = refill_path(zone, event.pfn, key, blocks - 1);
  take_recorded(zone, event);
  refill_along(zone, cpu_of(event), key, path);
  refill_on(context_.memory, context_.placement, zone, cpu_of(event), key, blocks - 1 - path.size());
}

void CallLeadBack::rearrange(Zone& zone, const TraceEvent& event, PcpKey key) {
  for (const auto& [block, is_freed_next] : rearrange_pcps(zone, key, event, context_.window)) {
    const bool is_taken = is_freed_next || (key.order == Order{0} && context_.untraced.holds(block, event.time));
    corrections_.add(is_taken ? "taken_unannounced" : "drained_unannounced");
    is_taken ? zone.set_raw(block, key.order, key.type, false) : zone.free_one(block, key.order);
  }
}

/** The recorded page is further down the CPU's list: those above it were taken by calls that no event shows. */
bool CallLeadBack::take_from_own_list(Zone& zone, const TraceEvent& event) {
  const PcpKey key = key_of(event);
  if (!zone.caches_per_cpu(key.order) || !pcp_ring(zone, cpu_of(event), key).contains(zone.page(event.pfn))) {
    return false;
  }
  const PcpRing& list = pcp_ring(zone, cpu_of(event), key);
  for (Pfn taken{}; taken != event.pfn;) {
    taken = zone.pfn(list.head());
    take_unannounced(zone, taken, key);
  }
  return true;
}

/** The recorded block leaves whatever holds it in our memory. */
void CallLeadBack::take_recorded(Zone& zone, const TraceEvent& event) {
  const bool was_on_pcp = RecordedPages::any_on_pcp(zone, event.pfn, event.order);
  const bool was_free = RecordedPages::any_free(zone, event.pfn, event.order);
  corrections_.add(was_free     ? "allocated_from_the_buddy_out_of_turn"
                   : was_on_pcp ? "allocated_from_a_pcp_out_of_turn"
                                : "allocated_while_allocated");
  take_block(zone, event.pfn, event.order, request_of(context_.memory, event).gfp.migratetype());
}

}  // namespace gbsim
