// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/allocator/page_request.h"
#include "sim/mm/memory.h"
#include "sim/placement/policy.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/pcp_rearrangement.h"

namespace gbsim {

// What a recorded call means for a memory of ours, and how our memory is made to follow one.

/** The CPU it ran on; one of ours if the recording has more. */
inline CpuId cpu_of(const Memory& memory, const TraceEvent& event) {
  const unsigned cpus = memory.nr_cpus();
  return CpuId{event.cpu < cpus ? event.cpu : event.cpu % cpus};
}
/** What the recorded allocation asked for. */
PageRequest request_of(const Memory& memory, const TraceEvent& alloc);
/** The CPU's list of @key. */
PcpRing& pcp_ring(Zone& zone, CpuId cpu, PcpKey key);

/** The block is allocated from now on, whatever held its pages. */
void take_block(Zone& zone, Pfn head, Order order, Migratetype type);
/** The block is off the per-CPU list of @key that has it: somebody got it whom no event shows. */
void take_unannounced(Zone& zone, Pfn pfn, PcpKey key);
/** @cpu's list of @key gets @most blocks more, or as many as it takes until @last is free no longer. */
void refill_on(Memory& memory, PlacementPolicy& placement, Zone& zone, CpuId cpu, PcpKey key, std::size_t most,
               Maybe<Pfn> last = {});

}  // namespace gbsim
