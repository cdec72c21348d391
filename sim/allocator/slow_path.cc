// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/slow_path.h"

#include <algorithm>
#include <array>

#include "sim/allocator/gigablock_trace.h"
#include "sim/allocator/page_allocator.h"
#include "sim/allocator/taint_ladder.h"
#include "sim/reclaim/compact_suitable.h"
#include "sim/reclaim/compaction.h"

namespace gbsim {

namespace {

constexpr unsigned kMaxReclaimRetries = 16;  // MAX_RECLAIM_RETRIES
constexpr unsigned kMaxCompactRetries = 16;  // MAX_COMPACT_RETRIES
constexpr unsigned kMaxOomKills = 16;        // of one request; a simulated machine may run out of victims
constexpr unsigned kMaxRounds = 1000;        // NOFAIL on a machine that cannot serve it
constexpr Ns kWaitForOthers{20'000'000};     // of a request that may not fail, once a round

bool is_costly(const SlowPath& path) { return path.request.order > kCostlyOrder; }

bool may_compact(const SlowPath& path) {
  return path.request.order > Order{0} && path.request.gfp.may_block() && path.request.gfp.has(Gfp::io);
}

bool ignores_watermarks(const Gfp gfp) { return gfp.has(Gfp::memalloc) && !gfp.has(Gfp::nomemalloc); }

SlowOutcome try_page(PageAllocator& allocator, SlowPath& path) {
  path.page = allocator.get_page(path.request, path.flags);
  return path.page ? SlowOutcome::got_page : SlowOutcome::next_step;
}

void wake_kswapd(PageAllocator& allocator, const SlowPath& path) {
  if (path.flags.has(AllocFlags::kswapd)) {
    allocator.wake_kswapds(path.request);
  }
}

SlowOutcome min_watermark(PageAllocator& allocator, SlowPath& path) {
  wake_kswapd(allocator, path);
  return try_page(allocator, path);
}

/** __alloc_pages_direct_compact(): a deferred compaction counts as a stall that failed. */
SlowOutcome compact(PageAllocator& allocator, SlowPath& path, CompactPriority priority) {
  Memory& memory = allocator.memory();
  memory.meter().charge(WorkKind::direct_compact_entry);
  path.compacted = allocator.relief().direct_compact(path.request, priority);
  if (path.compacted <= CompactOutcome::skipped) {
    return SlowOutcome::next_step;
  }
  memory.vmstat().add(VmEvent::compact_stall);
  path.page = allocator.relief().take_captured();
  if (!path.page && try_page(allocator, path) != SlowOutcome::got_page) {
    memory.vmstat().add(VmEvent::compact_fail);
    return SlowOutcome::next_step;
  }
  memory.vmstat().add(VmEvent::compact_success);
  allocator.relief().compaction_paid_off(*path.page, path.request.order);
  return SlowOutcome::got_page;
}

// Large blocks come cheaper from compaction than from reclaim, and kernel blocks should not mix pageblocks.
SlowOutcome compact_first(PageAllocator& allocator, SlowPath& path) {
  const Gfp gfp = path.request.gfp;
  const bool wanted = is_costly(path) || gfp.migratetype() != Migratetype::movable;
  if (!may_compact(path) || !wanted || ignores_watermarks(gfp)) {
    return SlowOutcome::next_step;
  }
  if (compact(allocator, path, CompactPriority::async) == SlowOutcome::got_page) {
    return SlowOutcome::got_page;
  }
  if (!is_costly(path) || !gfp.has(Gfp::noretry)) {
    return SlowOutcome::next_step;
  }
  path.priority = CompactPriority::async;
  const bool in_vain = path.compacted <= CompactOutcome::deferred;
  return in_vain || gfp.has(Gfp::thisnode) ? SlowOutcome::failed : SlowOutcome::next_step;
}

SlowOutcome reserves(PageAllocator& allocator, SlowPath& path) {
  wake_kswapd(allocator, path);
  if (ignores_watermarks(path.request.gfp)) {
    const std::uint32_t kept = path.flags.has(AllocFlags::kswapd) ? AllocFlags::kswapd : 0U;
    path.flags = with_cma(path.request, AllocFlags{Watermark::min, kept | AllocFlags::no_watermarks});
  }
  return try_page(allocator, path);
}

bool can_wait(const PageAllocator& allocator, const SlowPath& path) {
  return path.request.gfp.may_block() && !allocator.relief().is_relieving();
}

/** Gigablocks: must not taint another one yet. */
bool keeps_clean(const PageAllocator& allocator, const SlowPath& path) {
  return allocator.memory().tunables().has_gigablocks() && path.flags.has(AllocFlags::nofragment);
}

// ADD_TAINTED_OK: pageblocks of tainted gigablocks are not worth failing for.
SlowOutcome relabel_if_it_cannot_wait(PageAllocator& allocator, SlowPath& path) {
  const bool gated = allocator.memory().tunables().gigablock_gate_claims;
  if (!gated || can_wait(allocator, path) || !keeps_clean(allocator, path)) {
    return SlowOutcome::next_step;
  }
  trace_relax(allocator.memory(), path.request, "ADD_TAINTED_OK");
  path.flags = path.flags.with(AllocFlags::tainted_ok);
  return try_page(allocator, path);
}

// DROP_NOFRAGMENT: who cannot wait for reclaim and compaction may taint at once, unless there is a cheap way out.
SlowOutcome taint_if_it_cannot_wait(PageAllocator& allocator, SlowPath& path) {
  if (can_wait(allocator, path) || !keeps_clean(allocator, path)) {
    return SlowOutcome::next_step;
  }
  const TaintRung& rung = taint_rung(allocator.memory(), path.request);
  trace_relax(allocator.memory(), path.request, rung.relax_step);
  if (rung.verdict != TaintVerdict::taint) {
    return SlowOutcome::next_step;
  }
  path.flags = path.flags.without(AllocFlags::nofragment);
  return try_page(allocator, path);
}

SlowOutcome stop_if_it_cannot_wait(PageAllocator& allocator, SlowPath& path) {
  return can_wait(allocator, path) ? SlowOutcome::next_step : SlowOutcome::failed;
}

// Confined: room for kernel memory comes from moving the boundary; reclaim would free what lies above it.
SlowOutcome grow_region(PageAllocator& allocator, SlowPath& path) {
  const bool confined = allocator.memory().tunables().confines();
  return confined && allocator.relief().grow_region(path.request) ? try_page(allocator, path) : SlowOutcome::next_step;
}

SlowOutcome direct_reclaim(PageAllocator& allocator, SlowPath& path) {
  path.reclaimed = allocator.relief().direct_reclaim(path.request);
  if (path.reclaimed == NrPages{}) {
    return SlowOutcome::next_step;
  }
  if (try_page(allocator, path) == SlowOutcome::got_page) {
    return SlowOutcome::got_page;
  }
  // What was freed may sit on per-CPU lists or in the atomic reserve.
  allocator.unreserve_highatomic(path.request, false);
  allocator.memory().drain_all_pcp();
  return try_page(allocator, path);
}

SlowOutcome direct_compact(PageAllocator& allocator, SlowPath& path) {
  return may_compact(path) ? compact(allocator, path, path.priority) : SlowOutcome::next_step;
}

SlowOutcome stop_if_cheap(PageAllocator&, SlowPath& path) {
  const Gfp gfp = path.request.gfp;
  const bool luxury = is_costly(path) && !(gfp.has(Gfp::retry_mayfail) && gfp.has(Gfp::io));
  return gfp.has(Gfp::noretry) || luxury ? SlowOutcome::failed : SlowOutcome::next_step;
}

/** Would the request pass its watermark if everything reclaimable were free? */
bool reclaim_could_help(const PageAllocator& allocator, const SlowPath& path) {
  const ZoneType highest = highest_zone(path.request.gfp);
  return std::ranges::any_of(allocator.memory().zonelist(path.request.node, highest), [&](const Zone* zone) {
    const NrPages available = zone->free_pages_exact() + allocator.relief().reclaimable_in(*zone);
    const WatermarkQuery query{path.request.order, zone->min_wmark().value, highest, path.flags};
    return zone->watermark_ok(query, static_cast<std::int64_t>(available.value));
  });
}

/** should_reclaim_retry() */
SlowOutcome retry_reclaim(PageAllocator& allocator, SlowPath& path) {
  const bool progress = path.reclaimed != NrPages{} && !is_costly(path);
  path.no_progress_loops = progress ? 0 : path.no_progress_loops + 1;
  if (path.no_progress_loops <= kMaxReclaimRetries && reclaim_could_help(allocator, path)) {
    return SlowOutcome::retry;
  }
  return allocator.unreserve_highatomic(path.request, true) ? SlowOutcome::retry : SlowOutcome::next_step;
}

/** Compaction would have targets after some more reclaim: compaction_zonelist_suitable(). */
bool compaction_could_help(const PageAllocator& allocator, const SlowPath& path) {
  const ZoneType highest = highest_zone(path.request.gfp);
  return std::ranges::any_of(allocator.memory().zonelist(path.request.node, highest), [&](const Zone* zone) {
    const NrPages some = allocator.relief().reclaimable_in(*zone) / path.request.order.value;
    return has_room_to_compact(*zone, path.request.order, zone->min_wmark(), highest,
                               zone->free_pages_exact() + some);
  });
}

/** should_compact_retry() */
SlowOutcome retry_compact(PageAllocator& allocator, SlowPath& path) {
  if (!may_compact(path) || path.reclaimed == NrPages{}) {
    return SlowOutcome::next_step;
  }
  if (path.compacted <= CompactOutcome::skipped) {
    return compaction_could_help(allocator, path) ? SlowOutcome::retry : SlowOutcome::next_step;
  }
  const unsigned limit = is_costly(path) ? kMaxCompactRetries / 4 : kMaxCompactRetries;
  if (path.compacted == CompactOutcome::success && ++path.compact_retries <= limit) {
    return SlowOutcome::retry;  // somebody else was quicker
  }
  const CompactPriority most = is_costly(path) ? CompactPriority::sync_light : CompactPriority::sync_full;
  if (path.priority <= most) {
    return SlowOutcome::next_step;
  }
  path.priority = static_cast<CompactPriority>(static_cast<unsigned>(path.priority) - 1);
  path.compact_retries = 0;
  return SlowOutcome::retry;
}

// Gigablocks: movable pages make way in tainted ones, once, before another is tainted.
SlowOutcome evacuate_tainted(PageAllocator& allocator, SlowPath& path) {
  const bool moved = keeps_clean(allocator, path) && allocator.relief().evacuate_tainted(path.request);
  return moved ? try_page(allocator, path) : SlowOutcome::next_step;
}

// vm.defrag_mode and gigablocks: mixing is the last thing before killing somebody.
SlowOutcome mix_pageblocks(PageAllocator& allocator, SlowPath& path) {
  if (!allocator.memory().tunables().mixes_last() || !path.flags.has(AllocFlags::nofragment)) {
    return SlowOutcome::next_step;
  }
  path.flags = path.flags.without(AllocFlags::nofragment);
  return SlowOutcome::retry;
}

bool may_kill(const SlowPath& path) {
  const Gfp gfp = path.request.gfp;
  const bool settles_for_less = gfp.has(Gfp::retry_mayfail) || gfp.has(Gfp::thisnode);
  return !is_costly(path) && !settles_for_less && highest_zone(gfp) >= ZoneType::normal;
}

/** __alloc_pages_may_oom(): once more with a high watermark, in case somebody else just killed. */
SlowOutcome oom_kill(PageAllocator& allocator, SlowPath& path) {
  path.page = allocator.get_page(path.request, AllocFlags{Watermark::high});
  if (path.page) {
    return SlowOutcome::got_page;
  }
  if (!may_kill(path) || path.oom_kills >= kMaxOomKills) {
    return SlowOutcome::next_step;
  }
  ++path.oom_kills;
  const bool leaves_it_to_others = !path.request.gfp.has(Gfp::fs);
  if (!leaves_it_to_others && !allocator.relief().oom_kill(path.request)) {
    return SlowOutcome::next_step;
  }
  path.no_progress_loops = 0;
  return SlowOutcome::retry;
}

SlowOutcome never_fail(PageAllocator& allocator, SlowPath& path) {
  if (!path.request.gfp.has(Gfp::nofail) || !path.request.gfp.may_block()) {
    return SlowOutcome::failed;
  }
  path.page = allocator.get_page(path.request, AllocFlags{Watermark::min, AllocFlags::min_reserve});
  if (path.page) {
    return SlowOutcome::got_page;
  }
  allocator.meter().charge_time(kWaitForOthers);
  return SlowOutcome::retry;
}

constexpr std::array kSteps{
    SlowStep{"min_watermark", min_watermark},
    SlowStep{"compact_first", compact_first},
    SlowStep{"reserves", reserves},
    SlowStep{"relabel_if_it_cannot_wait", relabel_if_it_cannot_wait},
    SlowStep{"taint_if_it_cannot_wait", taint_if_it_cannot_wait},
    SlowStep{"stop_if_it_cannot_wait", stop_if_it_cannot_wait},
    SlowStep{"grow_region", grow_region},
    SlowStep{"direct_reclaim", direct_reclaim},
    SlowStep{"direct_compact", direct_compact},
    SlowStep{"stop_if_cheap", stop_if_cheap},
    SlowStep{"retry_reclaim", retry_reclaim},
    SlowStep{"retry_compact", retry_compact},
    SlowStep{"evacuate_tainted", evacuate_tainted},
    SlowStep{"mix_pageblocks", mix_pageblocks},
    SlowStep{"oom_kill", oom_kill},
    SlowStep{"never_fail", never_fail},
};

constexpr std::size_t kRetryFrom = 2;
constexpr std::size_t kLastStep = kSteps.size() - 1;
static_assert(kSteps[kRetryFrom].name == "reserves");

}  // namespace

std::span<const SlowStep> slow_steps() { return kSteps; }

Maybe<Pfn> slow_path(PageAllocator& allocator, const PageRequest& request) {
  SlowPath path{request, slow_path_flags(allocator.memory(), request)};
  for (std::size_t at = 0; at < kSteps.size();) {
    const SlowOutcome outcome = kSteps[at].run(allocator, path);
    if (outcome == SlowOutcome::got_page) {
      return path.page;
    }
    if (outcome == SlowOutcome::retry && ++path.rounds <= kMaxRounds) {
      at = kRetryFrom;
      continue;
    }
    at = outcome == SlowOutcome::next_step || at == kLastStep ? at + 1 : kLastStep;
  }
  return std::nullopt;
}

}  // namespace gbsim
