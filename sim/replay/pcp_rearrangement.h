// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/mm/zone.h"
#include "sim/replay/call_window.h"

namespace gbsim {

/** One kind of per-CPU list in one zone: what a refill fills. */
struct PcpKey {
  Order order;
  Migratetype type = Migratetype::unmovable;
};

/** The list that an allocation looks at. */
PcpKey key_of(const TraceEvent& alloc);

/** What lay on a list above the block that a call got from there. */
struct PassedOver {
  Pfn block;
  bool is_freed_next = false;  // by a call to come: so that somebody has it, unseen
};

/**
 * Puts the blocks on the zone's lists of @key in the order in which the recording hands them out next, @wanted first:
 * two CPUs that refill at the same time may do so in another order than their calls show. What lies above @wanted on
 * its list and nobody asks for soon is taken off and returned: it was drained, or given out without an event.
 */
std::vector<PassedOver> rearrange_pcps(Zone& zone, PcpKey key, const TraceEvent& wanted, const CallWindow& window);

}  // namespace gbsim
