// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/mm/zone_spec.h"

namespace gbsim {

/** Machine as a user describes it; laid out into zones as x86-64 firmware and kernel would. */
struct MachineSpec {
  unsigned nodes = 1;
  unsigned cpus = 1;                    // spread over the nodes in blocks
  std::uint64_t memory_bytes = 0;       // spread evenly
  std::uint64_t movablecore_bytes = 0;  // ZONE_MOVABLE, spread evenly, at the top of each node
  std::uint64_t cma_bytes = 0;
  std::uint64_t hugetlb_cma_bytes = 0;  // spread evenly, in whole gigablocks at the top of each node's kernel memory
  ZoneOrders orders{};
};

/**
 * Zones in ascending pfn: DMA to 16 MiB, DMA32 to 4 GiB with the hole from 3 to 4 GiB, Normal above, Movable on top.
 * Reserved: the first MiB, a kernel image, and 64 bytes a page of struct page.
 */
std::vector<ZoneSpec> lay_out(const MachineSpec& machine);

}  // namespace gbsim
