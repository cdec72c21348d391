// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/rmqueue.h"

#include "sim/allocator/gigablock_trace.h"
#include "sim/allocator/pcp_refill.h"
#include "sim/mm/pcp_rules.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

std::int64_t signed_pages(Order order) { return static_cast<std::int64_t>(order.pages().value); }

ExtfragAction extfrag_action(PlacementAction action) {
  switch (action) {
    case PlacementAction::claim_blocks:
    case PlacementAction::move_blocks:
      return ExtfragAction::claim;
    case PlacementAction::claim_pageblock:
      return ExtfragAction::steal;
    default:
      return ExtfragAction::pollute;
  }
}

}  // namespace

Maybe<Pfn> Rmqueue::take(const PlacementRequest& request) {
  if (zone_.caches_per_cpu(request.order)) {
    if (const auto pfn = take_from_pcp(request)) {
      return pfn;
    }
  }
  return take_from_buddy(request);
}

Maybe<Pfn> Rmqueue::take_from_pcp(const PlacementRequest& request) {
  PcpLists& pcp = zone_.pcp(cpu_);
  note_pcp_alloc(pcp);
  if (zone_.pcp_buddy() != nullptr) {
    return take_from_pageblocks(request);
  }
  const std::size_t list = pcp_list(request.order, request.type);
  PcpRing& ring = pcp.lists[list];
  if (ring.empty()) {
    refill(request, list);
  }
  if (ring.empty()) {
    return std::nullopt;
  }
  pcp.count -= 1 << request.order.value;
  memory_.meter().charge(WorkKind::pcp_alloc);
  return zone_.pfn(ring.pop_head());
}

void Rmqueue::refill(const PlacementRequest& request, std::size_t list) {
  PcpLists& pcp = zone_.pcp(cpu_);
  const int wanted = refill_count(zone_, cpu_, request.order);
  PlacementMode mode = PlacementMode::normal;
  int got = 0;
  for (; got < wanted; ++got) {
    zone_.prefetch_next(request.order, request.type);
    const auto block = take_placed(request, mode);
    if (!block) {
      break;
    }
    zone_.set_pcp(block->pfn, request.order, block->type);
    pcp.lists[list].push_tail(zone_.page(block->pfn));
    if (!zone_.rules().accounts_each_take && block->type == Migratetype::cma) {
      zone_.account_cma(-signed_pages(request.order));
    }
  }
  if (!zone_.rules().accounts_each_take) {
    zone_.account_free(-(static_cast<std::int64_t>(got) << request.order.value), request.type);
  }
  pcp.count += got << request.order.value;
  memory_.charge_zone_lock();
  memory_.meter().charge(WorkKind::buddy_alloc, static_cast<std::uint64_t>(got));
}

Maybe<Pfn> Rmqueue::take_from_pageblocks(const PlacementRequest& request) {
  PcpBuddyCpu own(memory_, zone_, cpu_);
  auto pfn = own.take(request.order, request.type);
  if (!pfn) {
    const int blocks = refill_count(zone_, cpu_, request.order);
    PcpRefill(*this, own, request).run(request.order.pages() * static_cast<unsigned>(blocks));
    pfn = own.take(request.order, request.type);
  }
  if (pfn) {
    memory_.meter().charge(WorkKind::pcp_alloc);
  }
  return pfn;
}

std::optional<TakenBlock> Rmqueue::take_own(const PlacementRequest& request) {
  const auto place = look_own(request);
  if (!place) {
    return std::nullopt;
  }
  tell_listener(request, Choice{place});
  zone_.take_block(place->block, place->found, request.order, request.type);
  zone_.settle_taken(request.order, request.type);
  report_taken(place->block, request.order, request.type);
  memory_.meter().charge(WorkKind::buddy_alloc);
  return TakenBlock{place->block, request.type};
}

std::optional<TakenBlock> Rmqueue::take_any(const PlacementRequest& request, PlacementMode& mode) {
  const auto block = take_placed(request, mode);
  if (block) {
    zone_.settle_taken(request.order, block->type);
    memory_.meter().charge(WorkKind::buddy_alloc);
  }
  return block;
}

Maybe<Pfn> Rmqueue::take_from_buddy(const PlacementRequest& request) {
  memory_.charge_zone_lock();
  zone_.prefetch_next(request.order, request.type);
  const auto block = take_reserve_or_placed(request);
  if (!block) {
    return std::nullopt;
  }
  if (!zone_.rules().accounts_each_take) {
    zone_.account_free(-signed_pages(request.order), block->type);
  }
  memory_.meter().charge(WorkKind::buddy_alloc);
  return block->pfn;
}

std::optional<TakenBlock> Rmqueue::take_reserve_or_placed(const PlacementRequest& request) {
  if (request.flags.has(AllocFlags::highatomic)) {
    if (const auto block = take_smallest(request.order, Migratetype::highatomic)) {
      return block;
    }
  }
  PlacementMode mode = PlacementMode::normal;
  if (const auto block = take_placed(request, mode)) {
    return block;
  }
  const bool failing_is_worse = request.flags.has(AllocFlags::oom) || request.flags.has(AllocFlags::non_block);
  return failing_is_worse ? take_smallest(request.order, Migratetype::highatomic) : std::nullopt;
}

std::optional<TakenBlock> Rmqueue::take_placed(const PlacementRequest& request, PlacementMode& mode) {
  if (placement_.takes_own_first() && mode == PlacementMode::normal && !request.flags.has(AllocFlags::cma)) {
    if (const auto block = take_smallest(request.order, request.type)) {
      return block;
    }
  }
  while (true) {
    const Choice choice = placement_.choose(zone_, request, mode);
    memory_.meter().charge(WorkKind::gigablock_look, choice.work.gigablocks);
    memory_.meter().charge(WorkKind::bitmap_word, choice.work.bitmap_words);
    apply_boosts(request, choice.boosts);
    tell_listener(request, choice);
    if (memory_.tracepoints() != nullptr && memory_.tunables().has_gigablocks()) {
      trace_choice(memory_, zone_, request, placement_, choice);
    }
    if (!choice.placement) {
      return std::nullopt;
    }
    mode = choice.placement->mode;
    if (const auto block = carry_out(request, *choice.placement)) {
      return block;
    }
  }
}

void Rmqueue::tell_listener(const PlacementRequest& request, const Choice& choice) const {
  GigablockListener* const listener = zone_.gigablock_listener();
  if (listener == nullptr || request.type == Migratetype::movable) {
    return;
  }
  if (!choice.placement) {
    return listener->tainted_exhausted(zone_);
  }
  const GigablockId home = zone_.gigablock_of(choice.placement->block);
  if (zone_.gigablocks()->category(home) == GigablockCategory::tainted) {
    return listener->taken_from_tainted(zone_, home);
  }
  listener->tainted_exhausted(zone_);
}

std::optional<TakenBlock> Rmqueue::take_smallest(Order order, Migratetype type) {
  const auto found = zone_.smallest_free(order, type);
  if (!found) {
    return std::nullopt;
  }
  return take_found(zone_.first_free(*found, type), *found, order, type);
}

TakenBlock Rmqueue::take_found(Pfn pfn, Order found, Order order, Migratetype type) {
  zone_.take_block(pfn, found, order, type);
  report_taken(pfn, order, type);
  return TakenBlock{pfn, type};
}

std::optional<TakenBlock> Rmqueue::carry_out(const PlacementRequest& request, const Placement& placement) {
  switch (placement.action) {
    case PlacementAction::take:
      zone_.take_block(placement.block, placement.found, request.order, placement.list);
      if (placement.list == request.type || placement.list == Migratetype::cma) {
        report_taken(placement.block, request.order, placement.list);
      } else {
        report_fallback(request, placement, placement.block);
      }
      return TakenBlock{placement.block, placement.list};
    case PlacementAction::claim_blocks:
      zone_.claim_block(placement.block, placement.found, request.order, request.type);
      report_fallback(request, placement, placement.block);
      return TakenBlock{placement.block, request.type};
    case PlacementAction::claim_pageblock:
      return claim_pageblock(request, placement);
    default:
      move_to_own_lists(request, placement);
      return std::nullopt;
  }
}

/** Where the fallback takes the page, it comes out at once and is what the event names; else the search goes on. */
std::optional<TakenBlock> Rmqueue::claim_pageblock(const PlacementRequest& request, const Placement& placement) {
  const unsigned moved = zone_.move_freepages(placement.block, request.type);
  memory_.meter().charge(WorkKind::move_freepages, moved);
  zone_.set_pageblock_type(placement.block, request.type);
  if (!zone_.rules().fallback_takes_page) {
    report_fallback(request, placement, placement.block);
    return std::nullopt;
  }
  const auto found = zone_.smallest_free_near(placement.block, request.order, request.type);
  GBSIM_CHECK(found.has_value());
  const Pfn first = zone_.first_free_near(placement.block, *found, request.type);
  const TakenBlock block = take_found(first, *found, request.order, request.type);
  report_fallback(request, placement, block.pfn);
  return block;
}

void Rmqueue::move_to_own_lists(const PlacementRequest& request, const Placement& placement) {
  if (placement.action == PlacementAction::move_pageblock) {
    memory_.meter().charge(WorkKind::move_freepages, zone_.move_freepages(placement.block, request.type));
  } else {
    if (placement.action == PlacementAction::move_blocks) {
      zone_.set_block_type(placement.block, placement.found, request.type);
    }
    zone_.move_free_block(placement.block, placement.found, request.type);
  }
  report_fallback(request, placement, placement.block);
}

void Rmqueue::apply_boosts(const PlacementRequest& request, unsigned boosts) {
  for (; boosts > 0; --boosts) {
    if (zone_.boost_watermark(memory_.tunables().watermark_boost_factor) && request.flags.has(AllocFlags::kswapd)) {
      zone_.set_boost_pending(true);
    }
  }
}

void Rmqueue::report_taken(Pfn pfn, Order order, Migratetype type) {
  if (zone_.trace() != nullptr) {
    const bool refill = zone_.caches_per_cpu(order) && type <= Migratetype::reclaimable;
    zone_.trace()->zone_locked(pfn, order, type, refill);
  }
}

void Rmqueue::report_fallback(const PlacementRequest& request, const Placement& placement, Pfn pfn) {
  const ExtfragEvent event{pfn,
                           request.order,
                           placement.found,
                           request.type,
                           placement.list,
                           zone_.pageblock(pfn).type == request.type,
                           extfrag_action(placement.action)};
  memory_.extfrag().add(event, zone_.orders().pageblock);
  if (zone_.trace() != nullptr) {
    zone_.trace()->extfrag(event);
  }
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::Extfrag{event, zone_.orders().pageblock});
  }
}

}  // namespace gbsim
