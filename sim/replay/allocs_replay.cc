// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/allocs_replay.h"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include "sim/mm/pcp_rules.h"
#include "sim/replay/recorded_call.h"

namespace gbsim {

namespace {

constexpr Ns kVmstatInterval{1'000'000'000};  // vm.stat_interval: CPUs fold counters, lists decay

/** What comes before a try: CPUs fold counters that lag; reclaim that frees too little empties all per-CPU lists. */
enum class Before : std::uint8_t { nothing, recount, drain };

struct Attempt {
  AllocFlags (*flags)(const Memory& memory, const PageRequest& request);
  Before before = Before::nothing;
};

AllocFlags no_watermarks(const Memory& memory, const PageRequest& request) {
  return slow_path_flags(memory, request).with(AllocFlags::no_watermarks);
}

/** In the order in which the kernel gives in, where reclaim has done its part. Callers get what the last one gives. */
constexpr std::array kAttempts{Attempt{fast_path_flags}, Attempt{slow_path_flags},
                               Attempt{slow_path_flags, Before::recount}, Attempt{slow_path_flags, Before::drain},
                               Attempt{no_watermarks}};

/** CPUs fold their shares in the counter of the first zone that may have enough for the slow path then. */
void recount_first_fit(Memory& memory, const PageRequest& request) {
  const AllocFlags flags = slow_path_flags(memory, request);
  for (Zone* zone : memory.zonelist(request.node, highest_zone(request.gfp))) {
    if (RecordedRelief::recount(*zone, RecordedRelief::query(*zone, request, flags), true)) {
      return;
    }
  }
}

void prepare(Memory& memory, Before before, const PageRequest& request) {
  switch (before) {
    case Before::nothing:
      return;
    case Before::recount:
      return recount_first_fit(memory, request);
    case Before::drain:
      return memory.drain_all_pcp();
  }
}

/** What would leave the buddy next for such a request. */
Maybe<Pfn> next_page(const Zone& zone, PcpKey key) {
  const auto found = zone.smallest_free(key.order, key.type);
  return found ? Maybe<Pfn>{zone.first_free(*found, key.type)} : std::nullopt;
}

}  // namespace

AllocsReplay::AllocsReplay(Memory& memory, const UntracedPages& untraced, LeadBack lead_back,
                           bool isolations_are_shown)
    : memory_(memory),
      untraced_(untraced),
      pages_(memory),
      relief_(memory),
      lessons_(memory, relief_, lead_back == LeadBack::by_calls),
      allocator_(memory, relief_),
      how_(lead_back),
      compaction_(memory, isolations_are_shown,
                  lead_back == LeadBack::by_lists ? RecordedCompaction::Lists::led_back
                                                  : RecordedCompaction::Lists::own),
      unseen_(memory, allocator_.placement(), untraced, counts_),
      by_calls_({memory, allocator_.placement(), untraced, window_, fallbacks_}, counts_.corrections) {
  memory_.set_tracepoints(&fallbacks_);
}

void AllocsReplay::feed(const TraceEvent& event) {
  ++counts_.events;
  if (how_ == LeadBack::by_lists) {
    return perform(event);
  }
  window_.push(event);
  while (window_.is_full()) {
    perform_next();
  }
}

void AllocsReplay::flush() {
  while (!window_.empty()) {
    perform_next();
  }
  if (no_calls_ != 0) {
    counts_.skipped.add("not_a_call", std::exchange(no_calls_, 0));
  }
}

void AllocsReplay::perform_next() {
  if (const auto event = window_.pop()) {
    perform(*event);
  }
}

/** Half of all events are about free lists, which are our own affair. */
bool AllocsReplay::concerns_us(const TraceEvent& event) const {
  switch (event.kind) {
    case EventKind::alloc:
    case EventKind::free:
    case EventKind::migrate:
    case EventKind::isolate:
    case EventKind::isolate_range:
    case EventKind::extfrag:
      return true;
    case EventKind::zone_locked:
      return event.has_pfn && untraced_.holds(event.pfn, event.time);
    default:
      return tells_task(event.kind);
  }
}

void AllocsReplay::perform(const TraceEvent& event) {
  if (!concerns_us(event)) {
    ++no_calls_;
    return;
  }
  tick(event.time);
  relief_.settle(event.time);
  switch (event.kind) {
    case EventKind::alloc:
      return event.has_pfn ? alloc(event) : failed_alloc(event);
    case EventKind::free:
      return free(event);
    case EventKind::migrate:
      return migrate(event);
    case EventKind::zone_locked:
      no_calls_ += unseen_.note_removal(event) ? 0 : 1;
      return;
    case EventKind::extfrag:
      return fallbacks_.note(event);
    default:
      return compaction(event);  // concerns_us() has passed the others over
  }
}

void AllocsReplay::note_compaction() {
  if (!counts_.before_compaction) {
    flush();
    counts_.before_compaction = counts_.whole;
  }
}

/** Each CPU's vmstat work, once an interval. */
void AllocsReplay::tick(Ns now) {
  if (!next_tick_) {
    next_tick_ = now + kVmstatInterval;
  }
  if (now < *next_tick_) [[likely]] {
    return;
  }
  // After so many without a call nothing is left to fold or to shrink.
  constexpr std::int64_t kMostIntervals = 3600;
  const std::int64_t late = (now - *next_tick_) / kVmstatInterval;
  *next_tick_ += kVmstatInterval * std::max<std::int64_t>(late - kMostIntervals, 0);
  for (; now >= *next_tick_; *next_tick_ += kVmstatInterval) {
    for (unsigned cpu = 0; cpu < memory_.nr_cpus(); ++cpu) {
      memory_.tick(CpuId{cpu});
    }
  }
}

Maybe<Pfn> AllocsReplay::attempt(const PageRequest& request, std::size_t attempts) {
  tries_ = 0;
  for (const Attempt& attempt : std::span(kAttempts).first(attempts)) {
    if (attempt.before == Before::drain && !request.gfp.may_block()) {
      continue;
    }
    prepare(memory_, attempt.before, request);
    if (const auto pfn = allocator_.get_page(request, attempt.flags(memory_, request))) {
      return pfn;
    }
    if (request.gfp.has(Gfp::kswapd_reclaim)) {
      allocator_.wake_kswapds(request);
    }
    ++tries_;
  }
  return std::nullopt;
}

/**
 * Pages that the recording never announces leave first. The bulk allocator took them, which does not count as an
 * allocation between frees.
 */
Maybe<Pfn> AllocsReplay::foretell(const TraceEvent& event) {
  const PageRequest request = request_of(memory_, event);
  unseen_.take_held(request, event.time);
  if (how_ == LeadBack::by_calls) {
    by_calls_.begin(request);
  }
  auto pfn = attempt(request, kAttempts.size());
  while (pfn && request.order == Order{0} && untraced_.holds(*pfn, event.time)) {
    counts_.skipped.add("taken_unannounced");
    PcpLists& pcp = memory_.zone_of(*pfn).pcp(request.cpu);
    const auto in_a_row = std::pair{pcp.free_count, pcp.free_factor};
    unseen_.take_held(request, event.time);
    pfn = attempt(request, kAttempts.size());
    std::tie(pcp.free_count, pcp.free_factor) = in_a_row;
  }
  return pfn;
}

void AllocsReplay::alloc(const TraceEvent& event) {
  if (!event.announced) {
    return counts_.skipped.add("unannounced");
  }
  Zone* zone = pages_.zone_of(event.pfn, event.order);
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  const bool was_overtaken = how_ == LeadBack::by_calls && overtaken(*zone, event);
  const auto ours = foretell(event);
  counts_.score(event.time, key_of(event).type, ours == event.pfn && !was_overtaken);
  score_fallbacks(event);
  if (ours != event.pfn) {
    lead_back(*zone, event, ours);
  }
}

/** Failing passes change the state of per-CPU lists, too. */
void AllocsReplay::failed_alloc(const TraceEvent& event) {
  counts_.skipped.add("failed_alloc");
  const auto pfn = attempt(request_of(memory_, event), kAttempts.size() - 1);
  score_fallbacks(event);
  if (pfn) {
    counts_.corrections.add("served_what_failed");
    how_ == LeadBack::by_lists ? void(is_lost_ = true) : by_calls_.put_back(*pfn, event);
  }
}

/** The CPU's list for such blocks is empty, or the order has none. */
bool AllocsReplay::refills(const Zone& zone, const TraceEvent& event) const {
  const PcpKey key = key_of(event);
  return event.kind == EventKind::alloc && event.has_pfn && zone.contains(event.pfn) &&
         (!zone.caches_per_cpu(key.order) ||
          zone.pcp(cpu_of(memory_, event)).lists[pcp_list(key.order, key.type)].empty());
}

/**
 * An allocation shows when it ends; on a slow CPU that is long after it took the zone lock. Where a refill would not
 * give the recorded page, and another CPU's next call is an allocation that refills too, that one was first. It counts
 * as a miss: without the answer nobody could have told.
 */
bool AllocsReplay::overtaken(const Zone& zone, const TraceEvent& event) {
  if (!refills(zone, event) || next_page(zone, key_of(event)) == event.pfn ||
      !RecordedPages::any_free(zone, event.pfn, event.order)) {
    return false;
  }
  bool any = false;
  for (unsigned cpu = 0; cpu < memory_.nr_cpus(); ++cpu) {
    const TraceEvent* other = cpu == event.cpu ? nullptr : window_.next_call(cpu);
    if (other != nullptr && refills(zone, *other)) {
      counts_.corrections.add("overtaken_by_another_cpu");
      perform(window_.take_next_call(cpu));
      any = true;
    }
  }
  return any;
}

void AllocsReplay::lead_back(Zone& zone, const TraceEvent& event, Maybe<Pfn> ours) {
  const PageRequest request = request_of(memory_, event);
  lessons_.learn({ours ? memory_.zone_of(*ours) : zone, zone, request, tries_}, counts_.corrections);
  if (how_ == LeadBack::by_calls) {
    return by_calls_.lead_back(zone, event, ours);
  }
  counts_.corrections.add("led_back_to_the_lists");
  is_lost_ = true;
}

void AllocsReplay::score_fallbacks(const TraceEvent& event) {
  if (const std::uint64_t extra = fallbacks_.score_call(event.cpu, counts_.whole.fallbacks)) {
    counts_.corrections.add("fell_back_unlike_the_kernel", extra);
  }
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

/** What a free gives back was taken before, whether or not an event showed that. */
void AllocsReplay::take_unseen(Zone& zone, Pfn head, Order order) {
  if (RecordedPages::any_free(zone, head, order) || RecordedPages::any_on_pcp(zone, head, order)) {
    counts_.corrections.add("freed_while_free");
  }
  take_block(zone, head, order, Migratetype::movable);
}

void AllocsReplay::free(const TraceEvent& event) {
  const CpuId cpu = cpu_of(memory_, event);
  const Pfn until = event.pfn + event.order.pages();
  for (Pfn at = event.pfn; at < until;) {
    const Order part = std::min(event.order, memory_.zone_of(at).orders().max);
    Zone* zone = pages_.zone_of(at, part);
    if (zone == nullptr) {
      return counts_.skipped.add("outside_of_zones");
    }
    if (compaction_.keeps(*zone, event)) {
      return counts_.skipped.add("kept_by_compaction");
    }
    if (!RecordedPages::is_one_allocated(*zone, at, part)) {
      take_unseen(*zone, at, part);
    }
    unseen_.take_held(*zone, cpu, {Order{0}, Migratetype::unmovable}, event.time);  // a drain would free them
    memory_.free_pages(at, part, cpu);
    at += part.pages();
  }
}

void AllocsReplay::migrate(const TraceEvent& event) {
  Zone* zone = pages_.zone_of(event.to, Order{0});
  if (zone == nullptr) {
    return counts_.skipped.add("outside_of_zones");
  }
  compaction_.take_searched(*zone, event);
  take_block(*zone, event.to, Order{0}, Migratetype::movable);
}

void AllocsReplay::compaction(const TraceEvent& event) {
  compaction_.note(event, counts_);
  if (compaction_.has_drained()) {
    memory_.drain_pcp(cpu_of(memory_, event));
  }
}

}  // namespace gbsim
