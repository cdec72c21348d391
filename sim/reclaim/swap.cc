// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/swap.h"

#include <algorithm>

#include "sim/base/check.h"

namespace gbsim {

Swap::Swap(Memory& memory)
    : memory_(memory),
      device_(memory.tunables().swap_bandwidth, memory.tunables().disk_latency),
      cluster_(memory.zone(0).orders().pageblock.pages()),
      total_(NrPages{memory.tunables().swap_bytes / kPageSize}) {}

NrPages Swap::rounded(NrPages pages) const {
  return NrPages{(pages.value + cluster_.value - 1) / cluster_.value * cluster_.value};
}

bool Swap::fits(NrPages pages) const { return takes_cluster(pages) ? untouched() >= rounded(pages) : pages <= free(); }

bool Swap::reserve(NrPages pages) {
  if (!fits(pages)) {
    return false;
  }
  used_ += pages;
  if (takes_cluster(pages)) {
    whole_ += rounded(pages);
    return true;
  }
  scattered_ += pages;
  const NrPages wanted = rounded(scattered_);
  if (wanted > scattered_area_) {
    scattered_area_ += std::min(wanted - scattered_area_, untouched());
  }
  return true;
}

// A huge folio's slots may come back one by one: its cluster is one of small folios from then on.
void Swap::release(NrPages pages) {
  GBSIM_CHECK(pages <= used_);
  used_ -= pages;
  if (takes_cluster(pages) && rounded(pages) <= whole_) {
    whole_ -= rounded(pages);
    return;
  }
  while (scattered_ < pages) {
    whole_ -= cluster_;
    scattered_ += cluster_;
    scattered_area_ += cluster_;
  }
  scattered_ -= pages;
  if (scattered_.value == 0) {
    scattered_area_ = NrPages{};
  }
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
