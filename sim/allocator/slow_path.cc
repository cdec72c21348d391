// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/slow_path.h"

#include <algorithm>
#include <array>

#include "sim/allocator/page_allocator.h"

namespace gbsim {

namespace {

constexpr Order kCostlyOrder{3};               // PAGE_ALLOC_COSTLY_ORDER
constexpr unsigned kMaxReclaimRetries = 16;    // MAX_RECLAIM_RETRIES
constexpr unsigned kMaxCompactRetries = 16;    // MAX_COMPACT_RETRIES
constexpr unsigned kMaxOomKills = 8;           // a simulated machine without victims must not loop for ever
constexpr unsigned kMaxRounds = 10'000;        // NOFAIL on a machine that cannot serve it

bool is_costly(const SlowPath& path) {
  return path.request.order > kCostlyOrder;
}

/** Failure costs the caller little: it has a fallback and said so. */
bool gives_up_early(const SlowPath& path) {
  const Gfp gfp = path.request.gfp;
  return gfp.has(Gfp::noretry) || (is_costly(path) && !gfp.has(Gfp::retry_mayfail));
}

bool may_compact(const SlowPath& path) {
  return path.request.order.value != 0 && path.request.gfp.may_block();
}

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

SlowOutcome compact(PageAllocator& allocator, SlowPath& path) {
  Memory& memory = allocator.memory();
  memory.meter().charge(WorkKind::direct_compact_entry);
  path.compacted = allocator.relief().direct_compact(path.request, path.priority);
  if (path.compacted <= CompactOutcome::deferred) {
    return SlowOutcome::next_step;
  }
  memory.vmstat().add(VmEvent::compact_stall);
  const SlowOutcome outcome = try_page(allocator, path);
  memory.vmstat().add(outcome == SlowOutcome::got_page ? VmEvent::compact_success : VmEvent::compact_fail);
  return outcome;
}

// Large blocks, and kernel blocks that must not mix pageblocks, come cheaper from compaction than from reclaim.
SlowOutcome compact_first(PageAllocator& allocator, SlowPath& path) {
  const bool wanted = is_costly(path) || path.request.gfp.migratetype() != Migratetype::movable;
  if (!may_compact(path) || !wanted) {
    return SlowOutcome::next_step;
  }
  path.priority = CompactPriority::async;
  const SlowOutcome outcome = compact(allocator, path);
  if (outcome == SlowOutcome::got_page) {
    return outcome;
  }
  const bool hopeless = path.compacted == CompactOutcome::skipped || path.compacted == CompactOutcome::deferred ||
                        path.compacted == CompactOutcome::not_suitable;
  return is_costly(path) && path.request.gfp.has(Gfp::noretry) && hopeless ? SlowOutcome::failed
                                                                            : SlowOutcome::next_step;
}

SlowOutcome reserves(PageAllocator& allocator, SlowPath& path) {
  wake_kswapd(allocator, path);
  if (path.request.gfp.has(Gfp::memalloc)) {
    const std::uint32_t kept = path.flags.has(AllocFlags::kswapd) ? AllocFlags::kswapd : 0U;
    path.flags = with_cma(path.request, AllocFlags{Watermark::min, kept | AllocFlags::no_watermarks});
  }
  return try_page(allocator, path);
}

SlowOutcome stop_if_atomic(PageAllocator&, SlowPath& path) {
  return path.request.gfp.may_block() ? SlowOutcome::next_step : SlowOutcome::failed;
}

SlowOutcome direct_reclaim(PageAllocator& allocator, SlowPath& path) {
  path.reclaimed = allocator.relief().direct_reclaim(path.request);
  if (path.reclaimed.value == 0) {
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
  return may_compact(path) ? compact(allocator, path) : SlowOutcome::next_step;
}

SlowOutcome stop_if_cheap(PageAllocator&, SlowPath& path) {
  return gives_up_early(path) ? SlowOutcome::failed : SlowOutcome::next_step;
}

/** Would the request pass its watermark if everything reclaimable were free? */
bool reclaim_could_help(PageAllocator& allocator, const SlowPath& path) {
  Memory& memory = allocator.memory();
  const ZoneType highest = highest_zone(path.request.gfp);
  for (const Zone* zone : memory.zonelist(path.request.node, highest)) {
    const NrPages available = zone->free_pages() + allocator.relief().reclaimable_pages(zone->node());
    const WatermarkQuery query{path.request.order, zone->min_wmark().value, highest, path.flags};
    if (zone->watermark_ok(query, static_cast<std::int64_t>(available.value))) {
      return true;
    }
  }
  return false;
}

SlowOutcome retry_reclaim(PageAllocator& allocator, SlowPath& path) {
  const bool progress = path.reclaimed.value != 0 && !is_costly(path);
  path.no_progress_loops = progress ? 0 : path.no_progress_loops + 1;
  if (path.no_progress_loops > kMaxReclaimRetries) {
    return allocator.unreserve_highatomic(path.request, true) ? SlowOutcome::retry : SlowOutcome::next_step;
  }
  const bool useful = path.reclaimed.value != 0 && reclaim_could_help(allocator, path);
  return useful && path.request.order.value == 0 ? SlowOutcome::retry : SlowOutcome::next_step;
}

SlowOutcome retry_compact(PageAllocator&, SlowPath& path) {
  if (path.request.order.value == 0 || path.reclaimed.value == 0) {
    return SlowOutcome::next_step;
  }
  const unsigned limit = is_costly(path) ? kMaxCompactRetries / 4 : kMaxCompactRetries;
  if (path.compacted != CompactOutcome::complete && ++path.compact_retries <= limit) {
    return SlowOutcome::retry;
  }
  const CompactPriority floor = is_costly(path) ? CompactPriority::sync_light : CompactPriority::sync_full;
  if (path.priority > floor) {
    path.priority = static_cast<CompactPriority>(static_cast<unsigned>(path.priority) - 1);
    path.compact_retries = 0;
    return SlowOutcome::retry;
  }
  return SlowOutcome::next_step;
}

// vm.defrag_mode: mixing pageblocks is the last thing before killing somebody.
SlowOutcome mix_pageblocks(PageAllocator& allocator, SlowPath& path) {
  if (!allocator.memory().tunables().defrag_mode || !path.flags.has(AllocFlags::nofragment)) {
    return SlowOutcome::next_step;
  }
  path.flags = path.flags.without(AllocFlags::nofragment);
  return SlowOutcome::retry;
}

SlowOutcome oom_kill(PageAllocator& allocator, SlowPath& path) {
  const bool kills = !path.request.gfp.has(Gfp::retry_mayfail) && !is_costly(path);
  if (!kills || path.oom_kills >= kMaxOomKills || !allocator.relief().oom_kill(path.request)) {
    return SlowOutcome::next_step;
  }
  ++path.oom_kills;
  path.no_progress_loops = 0;
  return SlowOutcome::retry;
}

SlowOutcome stop_or_loop(PageAllocator& allocator, SlowPath& path) {
  if (!path.request.gfp.has(Gfp::nofail)) {
    return SlowOutcome::failed;
  }
  path.flags = path.flags.with(AllocFlags::min_reserve | AllocFlags::non_block);
  // Nothing to reclaim, nobody to kill: wait for those who hold memory, as cond_resched() and HZ/50 sleeps do.
  allocator.meter().charge_time(Ns{20'000'000});
  return SlowOutcome::retry;
}

constexpr std::array kSteps{
    SlowStep{"min_watermark", min_watermark},   SlowStep{"compact_first", compact_first},
    SlowStep{"reserves", reserves},             SlowStep{"stop_if_atomic", stop_if_atomic},
    SlowStep{"direct_reclaim", direct_reclaim}, SlowStep{"direct_compact", direct_compact},
    SlowStep{"stop_if_cheap", stop_if_cheap},   SlowStep{"retry_reclaim", retry_reclaim},
    SlowStep{"retry_compact", retry_compact},   SlowStep{"mix_pageblocks", mix_pageblocks},
    SlowStep{"oom_kill", oom_kill},             SlowStep{"stop_or_loop", stop_or_loop},
};

constexpr std::size_t kRetryFrom = 2;
static_assert(kSteps[kRetryFrom].name == "reserves");

}  // namespace

std::span<const SlowStep> slow_steps() {
  return kSteps;
}

std::optional<Pfn> slow_path(PageAllocator& allocator, const PageRequest& request) {
  SlowPath path{request, slow_path_flags(allocator.memory(), request)};
  for (std::size_t at = 0; at < kSteps.size();) {
    const SlowOutcome outcome = kSteps[at].run(allocator, path);
    if (outcome == SlowOutcome::got_page) {
      return path.page;
    }
    if (outcome == SlowOutcome::failed || (outcome == SlowOutcome::retry && ++path.rounds > kMaxRounds)) {
      return std::nullopt;
    }
    at = outcome == SlowOutcome::retry ? kRetryFrom : at + 1;
  }
  return std::nullopt;
}

}  // namespace gbsim
