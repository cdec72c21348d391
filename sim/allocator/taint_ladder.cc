// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/taint_ladder.h"

#include <algorithm>
#include <array>

#include "sim/allocator/page_allocator.h"

namespace gbsim {

namespace {

/** Some tainted gigablock that the request may use satisfies @holds. */
template <class Holds>
bool any_tainted(const Memory& memory, const PageRequest& request, Holds&& holds) {
  const auto zones = memory.zonelist(request.node, highest_zone(request.gfp));
  return std::ranges::any_of(zones, [&](const Zone* zone) {
    bool found = false;
    zone->gigablocks()->for_each(GigablockCategory::tainted, [&](GigablockId id) {
      found = holds(zone->gigablocks()->counts(id));
      return !found;
    });
    return found;
  });
}

/** __GFP_NORETRY without RETRY_MAYFAIL: slab and page fragments try a lower order next. */
bool noretry(const Memory& memory, const PageRequest& request) {
  const bool cheap = request.order > Order{0} && request.gfp.has(Gfp::noretry) && !request.gfp.has(Gfp::retry_mayfail);
  return memory.tunables().gigablock_refuse_optional && cheap;
}

/** High orders without warning, such as kvmalloc's: lower ones serve as long as something can be moved for them. */
bool best_effort(const Memory& memory, const PageRequest& request) {
  const bool optional = request.order > Order{0} && request.gfp.has(Gfp::nowarn) && !request.gfp.has(Gfp::nofail);
  const auto movable = [](const GigablockCounts& counts) { return counts.movable != 0; };
  return memory.tunables().gigablock_refuse_best_effort && optional && any_tainted(memory, request, movable);
}

/** What gigablock.atomic_wait has an atomic high order wait for. */
bool worth_waiting_for(const GigablockCounts& counts, AtomicWait what) {
  switch (what) {
    case AtomicWait::free_pageblock:
      return counts.free != 0;
    case AtomicWait::free_pages:
      return counts.free_pages != 0;
    default:
      return false;
  }
}

/** Atomic high orders: refused while a tainted gigablock has something left that defragmentation will hand out. */
bool atomic_high_order(const Memory& memory, const PageRequest& request) {
  if (!memory.tunables().gigablock_refuse_optional || request.order == Order{0} ||
      request.gfp.has(Gfp::nomemalloc) || request.gfp.has(Gfp::nofail) || request.gfp.has(Gfp::memalloc)) {
    return false;
  }
  const auto has_room = [&](const GigablockCounts& counts) {
    return worth_waiting_for(counts, memory.tunables().gigablock_atomic_wait);
  };
  return any_tainted(memory, request, has_room);
}

bool anything(const Memory&, const PageRequest&) { return true; }

constexpr std::array kLadder{
    TaintRung{"noretry", noretry, TaintVerdict::refuse, "NORETRY_SKIP"},
    TaintRung{"best_effort", best_effort, TaintVerdict::refuse, "NOWARN_LOWER_ORDER"},
    TaintRung{"atomic_high_order", atomic_high_order, TaintVerdict::refuse},
    TaintRung{"taint", anything, TaintVerdict::taint, "DROP_NOFRAGMENT"},
};
static_assert(kLadder.back().holds == anything);

}  // namespace

const TaintRung& taint_rung(const Memory& memory, const PageRequest& request) {
  return *std::ranges::find_if(kLadder, [&](const TaintRung& rung) { return rung.holds(memory, request); });
}

}  // namespace gbsim
