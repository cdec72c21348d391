// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/swap.h"

#include "sim/base/check.h"

namespace gbsim {

Swap::Swap(Memory& memory)
    : memory_(memory),
      device_(memory.tunables().swap_bandwidth, memory.tunables().disk_latency),
      total_(NrPages{memory.tunables().swap_bytes / kPageSize}) {}

bool Swap::reserve(NrPages pages) {
  if (free() < pages) {
    return false;
  }
  used_ += pages;
  return true;
}

void Swap::release(NrPages pages) {
  GBSIM_CHECK(pages <= used_);
  used_ -= pages;
}

void Swap::read(NrPages pages) {
  const Ns now = memory_.clock().now;
  memory_.meter().charge(WorkKind::swap_in_page, pages.value);
  memory_.meter().charge_time(device_.submit(now, pages) - now);
  memory_.vmstat().add(VmEvent::pswpin, pages.value);
  memory_.vmstat().add(VmEvent::pgmajfault);
  memory_.vmstat().add(VmEvent::pgpgin, pages.value * (kPageSize / 1024));
}

}  // namespace gbsim
