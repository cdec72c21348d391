// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/base/maybe.h"
#include "sim/mm/memory.h"
#include "sim/placement/policy.h"

namespace gbsim {

/** A block that has left the free lists, and the type of the list it was on. */
struct TakenBlock {
  Pfn pfn;
  Migratetype type = Migratetype::unmovable;
};

/**
 * Takes blocks out of one zone as the placement chooses, on behalf of one CPU: rmqueue() and what lies below it.
 * Short-lived: one per attempt.
 */
class Rmqueue {
 public:
  Rmqueue(Memory& memory, PlacementPolicy& placement, Zone& zone, CpuId cpu)
      : memory_(memory), placement_(placement), zone_(zone), cpu_(cpu) {
    zone.run_on(cpu);
  }

  /** From the CPU's list where its order has one, refilled if empty; else, or if that fails, from the buddy. */
  Maybe<Pfn> take(const PlacementRequest& request);
  // For refills.
  Zone& zone() const { return zone_; }
  Memory& memory() const { return memory_; }
  CpuId cpu() const { return cpu_; }
  /** The block that take_own() would take. */
  std::optional<Placement> look_own(const PlacementRequest& request) { return placement_.choose_own(zone_, request); }
  /** Off the request's own lists, where the placement looks first; steals nothing. */
  std::optional<TakenBlock> take_own(const PlacementRequest& request);
  /** Whatever __rmqueue() comes by; @mode remembers how far the refill had to go. */
  std::optional<TakenBlock> take_any(const PlacementRequest& request, PlacementMode& mode);

  /** A whole 6.1 or 6.12 highatomic pageblock returns to @type if the zone has a free page in one. */
  bool unreserve_highatomic(Migratetype type, bool force);
  /** The pageblock of a fresh highatomic block is kept for its like, up to the limit. */
  void reserve_highatomic(Pfn pfn, Order order);

 private:
  Maybe<Pfn> take_from_pcp(const PlacementRequest& request);
  void refill(const PlacementRequest& request, std::size_t list);
  /** The same where CPUs own pageblocks. */
  Maybe<Pfn> take_from_pageblocks(const PlacementRequest& request);
  Maybe<Pfn> take_from_buddy(const PlacementRequest& request);
  std::optional<TakenBlock> take_reserve_or_placed(const PlacementRequest& request);
  /** __rmqueue(): choose, carry out, and choose again while blocks only changed lists. */
  std::optional<TakenBlock> take_placed(const PlacementRequest& request, PlacementMode& mode);
  std::optional<TakenBlock> take_smallest(Order order, Migratetype type);
  TakenBlock take_found(Pfn pfn, Order found, Order order, Migratetype type);
  std::optional<TakenBlock> carry_out(const PlacementRequest& request, const Placement& placement);
  std::optional<TakenBlock> claim_pageblock(const PlacementRequest& request, const Placement& placement);
  void tell_listener(const PlacementRequest& request, const Choice& choice) const;
  void move_to_own_lists(const PlacementRequest& request, const Placement& placement);
  void apply_boosts(const PlacementRequest& request, unsigned boosts);
  void report_taken(Pfn pfn, Order order, Migratetype type);
  void report_fallback(const PlacementRequest& request, const Placement& placement, Pfn pfn);
  NrPages highatomic_limit() const;

  Memory& memory_;
  PlacementPolicy& placement_;
  Zone& zone_;
  CpuId cpu_;
};

}  // namespace gbsim
