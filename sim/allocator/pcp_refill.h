// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "sim/allocator/rmqueue.h"
#include "sim/mm/pcp_buddy_cpu.h"

namespace gbsim {

/** One row of a refill: a named way for a CPU to come by pages. */
struct RefillStep {
  RefillPhase phase;
  /** Pages the CPU's lists have gained, blocks too small for the request not counted. */
  NrPages (*run)(class PcpRefill& refill, NrPages wanted);
};

/** The rows in order. */
std::span<const RefillStep> refill_steps();

/**
 * One refill of a CPU that owns pageblocks (pcpbuddy), under one acquisition of zone->lock. Blocks come off the free
 * lists as large as they are and are split later, without the lock.
 */
class PcpRefill {
 public:
  PcpRefill(Rmqueue& queue, PcpBuddyCpu& cpu, const PlacementRequest& request)
      : queue_(queue), cpu_(cpu), request_(request) {}

  /** Steps in order until @wanted pages have come. Requires: an order with per-CPU lists. */
  void run(NrPages wanted);

  // The steps.
  NrPages recover(NrPages wanted);
  NrPages claim(NrPages wanted);
  NrPages adopt(NrPages wanted);
  NrPages chunk(NrPages wanted);
  NrPages fallback(NrPages wanted);

 private:
  Zone& zone() const { return queue_.zone(); }
  const Tunables& tunables() const { return queue_.memory().tunables(); }
  PcpBuddy& buddy() const { return *queue_.zone().pcp_buddy(); }
  bool may_claim(NrPages wanted) const;
  bool may_adopt() const;
  /** A pageblock that nobody owns with a part on the list of the request's type, where the placement looks first. */
  std::optional<std::size_t> adoptable() const;
  NrPages gather(std::size_t pageblock);
  /** Largest first, no more than @wanted unless the request itself is larger. */
  NrPages chunks_of(Order order, NrPages wanted);

  Rmqueue& queue_;
  PcpBuddyCpu& cpu_;
  PlacementRequest request_;
};

}  // namespace gbsim
