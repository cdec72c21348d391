// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/page_allocator.h"

#include <utility>

#include "sim/allocator/gfp_names.h"
#include "sim/allocator/rmqueue.h"
#include "sim/allocator/slow_path.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

/** Data may be spread between zones rather than mix pageblocks; DMA32 has nowhere lower to spread to. */
bool avoids_mixing(const Memory& memory, const PageRequest& request) {
  return memory.tunables().mixes_last() || memory.avoids_mixing(request.node, highest_zone(request.gfp));
}

bool ignores_boost_at_min(const Zone& zone, const PageRequest& request, AllocFlags flags) {
  const bool atomic = request.gfp.has(Gfp::high) && !request.gfp.may_block();
  return zone.rules().high_ignores_boost ? flags.has(AllocFlags::min_reserve) : atomic;
}

/** The watermark the pass must keep holds; notes on the way whether the high watermark still does. */
bool passes_watermarks(Zone& zone, const PageRequest& request, ZoneType highest, AllocFlags flags) {
  const auto holds = [&](Watermark mark) {
    const WatermarkQuery query{request.order, zone.wmark(mark).value, highest, flags};
    return zone.watermark_fast(query, ignores_boost_at_min(zone, request, flags));
  };
  if (zone.rules().tracks_below_high && !zone.below_high()) {
    if (holds(Watermark::high)) {
      return true;
    }
    zone.set_below_high(true);
  }
  return flags.has(AllocFlags::no_watermarks) || holds(flags.watermark());
}

void count_numa(Vmstat& vmstat, const Zone& zone, const PageRequest& request, const Memory& memory) {
  const bool hit = zone.node() == request.node;
  vmstat.add(hit ? VmEvent::numa_hit : VmEvent::numa_miss);
  if (!hit) {
    vmstat.add(VmEvent::numa_foreign);
  }
  vmstat.add(zone.node() == memory.node_of(request.cpu) ? VmEvent::numa_local : VmEvent::numa_other);
}

}  // namespace

ZoneType highest_zone(Gfp gfp) {
  if (gfp.has(Gfp::dma)) {
    return ZoneType::dma;
  }
  if (gfp.has(Gfp::dma32)) {
    return ZoneType::dma32;
  }
  return gfp.has(Gfp::movable) && gfp.has(Gfp::highmem) ? ZoneType::movable : ZoneType::normal;
}

AllocFlags with_cma(const PageRequest& request, AllocFlags flags) {
  return request.gfp.migratetype() == Migratetype::movable ? flags.with(AllocFlags::cma) : flags;
}

AllocFlags fast_path_flags(const Memory& memory, const PageRequest& request) {
  std::uint32_t bits = request.gfp.has(Gfp::kswapd_reclaim) ? AllocFlags::kswapd : 0U;
  bits |= avoids_mixing(memory, request) ? AllocFlags::nofragment : 0U;
  return with_cma(request, AllocFlags{Watermark::low, bits});
}

AllocFlags slow_path_flags(const Memory& memory, const PageRequest& request) {
  const Gfp gfp = request.gfp;
  std::uint32_t bits = gfp.has(Gfp::kswapd_reclaim) ? AllocFlags::kswapd : 0U;
  bits |= gfp.has(Gfp::high) ? AllocFlags::min_reserve : 0U;
  bits |= memory.tunables().mixes_last() ? AllocFlags::nofragment : 0U;
  if (!gfp.may_block() && !gfp.has(Gfp::nomemalloc)) {
    const bool high_order_atomic = request.order > Order{0} && gfp.has(Gfp::high);
    bits |= AllocFlags::non_block | (high_order_atomic ? AllocFlags::highatomic : 0U);
  }
  return with_cma(request, AllocFlags{Watermark::min, bits});
}

PageAllocator::PageAllocator(Memory& memory, PressureRelief& relief)
    : PageAllocator(memory, relief, make_placement(memory.tunables())) {}

PageAllocator::PageAllocator(Memory& memory, PressureRelief& relief, std::unique_ptr<PlacementPolicy> placement)
    : memory_(memory), relief_(relief), placement_(std::move(placement)) {}

Maybe<Pfn> PageAllocator::alloc_pages(const PageRequest& request) {
  const Ns start = meter().spent();
  AllocPath path = AllocPath::fast;
  auto pfn = get_page(request, fast_path_flags(memory_, request));
  if (!pfn) {
    pfn = slow_path(*this, request);
    path = pfn ? AllocPath::slow : AllocPath::failed;
  }
  stats_.record(request.order, path, meter().spent() - start);
  if (TracepointSink* sink = memory_.frequent_tracepoints()) {
    sink->tracepoint(tracepoint::PageAlloc{pfn, request.order, request.gfp.migratetype(), gfp_text(request.gfp)});
  }
  return pfn;
}

Maybe<FolioId> PageAllocator::alloc_folio(const PageRequest& request, const FolioUse& use) {
  const auto pfn = alloc_pages(request);
  if (!pfn) {
    return std::nullopt;
  }
  const Migratetype type = request.gfp.migratetype();
  const FolioId id = memory_.attach_folio(*pfn, request.order, type, use.owner, use.cookie);
  Folio& folio = memory_.folios()[id];
  folio.flags = static_cast<std::uint8_t>(use.flags & ~(kPinned | kMigratable));
  if ((use.flags & kPinned) != 0) {
    memory_.set_pinned(id, true);
  }
  if ((use.flags & kMigratable) != 0) {
    memory_.set_migratable(id, true);
  }
  if (use.lru != LruList::none) {
    memory_.lru(memory_.node_of(folio)).add_head(id, use.lru);
  }
  return id;
}

Maybe<Pfn> PageAllocator::get_page(const PageRequest& request, AllocFlags flags) {
  if (const auto pfn = try_pass(request, flags)) {
    return pfn;
  }
  const bool may_mix_next = flags.has(AllocFlags::nofragment) && !memory_.tunables().mixes_last();
  return may_mix_next ? try_pass(request, flags.without(AllocFlags::nofragment)) : std::nullopt;
}

Maybe<Pfn> PageAllocator::try_pass(const PageRequest& request, AllocFlags flags) {
  const ZoneType highest = highest_zone(request.gfp);
  for (Zone* zone : memory_.zonelist(request.node, highest)) {
    const bool remote = zone->node() != request.node;
    if (remote && request.gfp.has(Gfp::thisnode)) {
      break;
    }
    if (remote && flags.has(AllocFlags::nofragment) && !memory_.tunables().mixes_last()) {
      return std::nullopt;  // mixing at home beats going away
    }
    if (!passes_watermarks(*zone, request, highest, flags)) {
      continue;
    }
    if (const auto pfn = take_from(*zone, request, flags)) {
      return pfn;
    }
  }
  return std::nullopt;
}

Maybe<Pfn> PageAllocator::take_from(Zone& zone, const PageRequest& request, AllocFlags flags) {
  const Migratetype type = request.gfp.migratetype();
  flags = zone.has_cma() ? flags : flags.without(AllocFlags::cma);
  Rmqueue queue(memory_, *placement_, zone, request.cpu);
  const auto pfn = queue.take(PlacementRequest{request.order, type, flags});
  const bool may_wake = flags.has(AllocFlags::kswapd) || zone.rules().any_request_wakes_boosted;
  if (may_wake && zone.boost_pending()) {
    zone.set_boost_pending(false);
    relief_.wake_kswapd(zone, PageRequest{Order{0}, Gfp{}, request.cpu, request.node});
  }
  if (!pfn) {
    return std::nullopt;
  }
  zone.set_raw(*pfn, request.order, type, type == Migratetype::movable);
  if (flags.has(AllocFlags::highatomic)) {
    queue.reserve_highatomic(*pfn, request.order);
  }
  Vmstat& vmstat = memory_.vmstat();
  vmstat.add(for_zone(VmEvent::pgalloc_dma, static_cast<std::size_t>(zone.type())), request.order.pages().value);
  count_numa(vmstat, zone, request, memory_);
  return pfn;
}

void PageAllocator::wake_kswapds(const PageRequest& request) {
  std::optional<NodeId> last;
  for (Zone* zone : memory_.zonelist(request.node, highest_zone(request.gfp))) {
    if (last != zone->node()) {
      relief_.wake_kswapd(*zone, request);
      last = zone->node();
    }
  }
}

bool PageAllocator::unreserve_highatomic(const PageRequest& request, bool force) {
  for (Zone* zone : memory_.zonelist(request.node, highest_zone(request.gfp))) {
    if (Rmqueue(memory_, *placement_, *zone, request.cpu).unreserve_highatomic(request.gfp.migratetype(), force)) {
      return true;
    }
  }
  return false;
}

}  // namespace gbsim
