// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/invariant_watch.h"

#include "sim/mm/invariants.h"

namespace gbsim {

std::uint64_t page_operations(const Memory& memory) {
  const Vmstat& vmstat = memory.vmstat();
  std::uint64_t pages = vmstat.get(VmEvent::pgfree);
  for (std::size_t type = 0; type < kNrZoneTypes; ++type) {
    pages += vmstat.get(for_zone(VmEvent::pgalloc_dma, type));
  }
  return pages;
}

void InvariantWatch::recount_if_due() {
  const std::uint64_t done = page_operations(*memory_);
  if (done < next_) {
    return;
  }
  next_ = done + every_;
  ++recounts_;
  check_memory(*memory_);
}

}  // namespace gbsim
