// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_call.h"

#include "sim/allocator/rmqueue.h"
#include "sim/recording/kernel_gfp.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/steered_refill.h"

namespace gbsim {

PageRequest request_of(const Memory& memory, const TraceEvent& alloc) {
  return {alloc.order, gfp_of_kernel(alloc.gfp), cpu_of(memory, alloc), NodeId{}};
}

PcpRing& pcp_ring(Zone& zone, CpuId cpu, PcpKey key) { return zone.pcp(cpu).lists[pcp_list(key.order, key.type)]; }

void take_block(Zone& zone, Pfn head, Order order, Migratetype type) {
  const bool migratable = type == Migratetype::movable;
  RecordedPages::leave_pcp(zone, head, order);
  if (RecordedPages::any_free(zone, head, order)) {
    RecordedPages::seize(zone, head, order, type, migratable);
  } else {
    RecordedPages::label(zone, head, order, type, migratable);
  }
}

void take_unannounced(Zone& zone, Pfn pfn, PcpKey key) {
  RecordedPages::leave_pcp(zone, pfn, key.order);
  RecordedPages::label(zone, pfn, key.order, key.type, key.type == Migratetype::movable);
}

void refill_on(Memory& memory, PlacementPolicy& placement, Zone& zone, CpuId cpu, PcpKey key, std::size_t most,
               Maybe<Pfn> last) {
  PlacementMode mode = PlacementMode::normal;
  Rmqueue queue(memory, placement, zone, cpu);
  for (std::size_t i = 0; i < most && (!last || RecordedPages::any_free(zone, *last, key.order)); ++i) {
    if (const auto block = queue.take_any(PlacementRequest{key.order, key.type, AllocFlags{}}, mode)) {
      append_to_pcp(zone, cpu, block->pfn, key);
    }
  }
}

}  // namespace gbsim
