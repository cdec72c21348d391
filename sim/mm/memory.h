// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
// SKETCH: the whole machine's memory. The mm owner completes it and keeps these names.

#include <memory>
#include <vector>

#include "sim/mm/folio.h"
#include "sim/mm/lru.h"
#include "sim/mm/vmstat.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** Machine as a user describes it; laid out into zones as x86-64 firmware and kernel would. */
struct MachineSpec {
  unsigned nodes = 1;
  unsigned cpus = 1;              // spread over the nodes in blocks
  std::uint64_t memory_bytes = 0; // spread evenly
  std::uint64_t movablecore_bytes = 0;  // ZONE_MOVABLE, taken from the top of each node
  std::uint64_t cma_bytes = 0;
  ZoneOrders orders{};
};

/** Nodes, zones, folios and counters. The only owner of memory state; it never decides. */
class Memory;
// Memory provides:
//   nr_nodes(), nr_cpus(), node_of(CpuId)
//   zones(): std::vector<std::unique_ptr<Zone>>, ascending pfn; zone_of(Pfn)
//   zonelist(NodeId, highest ZoneType): zones in fallback order
//   folios(): FolioTable&;  lru(NodeId): LruVec&;  vmstat(): Vmstat&
//   map_folio(FolioId, Pfn) / unmap_folio(FolioId): page map and pageblock counts (used by alloc, free, migrate)

}  // namespace gbsim
