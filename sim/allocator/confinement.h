// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/allocator/evacuation.h"

namespace gbsim {

/** What moving boundaries has cost and brought. Pages are base pages. */
struct ConfinementStats {
  std::uint64_t pages_grown = 0;     // that became the non-movable region's
  std::uint64_t pages_shrunk = 0;    // that it gave back
  std::uint64_t pages_migrated = 0;
  std::uint64_t grown_for_request = 0;  // allocations that found their region full and made it grow
  std::uint64_t stuck = 0;           // attempts that could not empty the block next to the boundary
};

/**
 * Moves the boundary between non-movable and movable memory with demand, a block of the largest order at a time: up
 * over movable memory, which migrates away, and down over memory that has become free. A worker keeps free memory in
 * the region between two shares of it; allocations that can wait push the boundary themselves when they find nothing.
 */
class Confinement {
 public:
  /** Both references must outlive it. */
  Confinement(PageAllocator& allocator, Migration& migration);

  /** Moves one boundary by one block; false if all are where they should be, or stuck. */
  bool step(CpuId cpu);
  /** @request found no room in its region: the boundary of one of its zones moves up. True if a block came of it. */
  bool make_room(const PageRequest& request);

  const ConfinementStats& stats() const { return stats_; }
  /** Usable pages below the boundary. */
  NrPages region(const Zone& zone) const { return NrPages{regions_[zone.index()].usable}; }

 private:
  /** What is known of one zone's region. */
  struct Region {
    std::uint64_t usable = 0;
    bool growing = false;  // until free memory is half-way between the shares
  };

  enum class Wish : std::uint8_t { stay, grow, shrink };

  Wish wish(const Zone& zone);
  bool grow(Zone& zone, CpuId cpu);
  bool shrink(Zone& zone, CpuId cpu);
  bool make_room_in(Zone& zone, const PageRequest& request);
  bool may_grow_over(const Zone& zone, Pfn first) const;
  bool may_give_back(const Zone& zone, Pfn first) const;
  /** The pageblock holds little but what can never leave it. */
  bool emptied(const Zone& zone, Pfn pageblock) const;
  /** Isolates the block of the largest order at @first and empties it as far as that goes. */
  bool evacuate(Zone& zone, Pfn first, CpuId cpu);
  void relabel(Zone& zone, Pfn first, Migratetype to, CpuId cpu) const;

  Memory& memory_;
  Evacuation evacuation_;
  std::vector<Region> regions_;  // by zone index
  ConfinementStats stats_;
};

}  // namespace gbsim
