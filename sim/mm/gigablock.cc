// SPDX-License-Identifier: GPL-2.0-or-later
// The zone seen in gigablocks: aligned blocks of the gigablock order, 1 GiB on a real machine.
#include "sim/mm/zone.h"

namespace gbsim {

GigablockId Zone::gigablock_of(Pfn pfn) const {
  const unsigned order = spec_.orders.gigablock.value;
  return GigablockId{static_cast<std::uint32_t>((pfn.value >> order) - (start().value >> order))};
}

Pfn Zone::gigablock_start(GigablockId id) const {
  return start().align_down(spec_.orders.gigablock) + spec_.orders.gigablock.pages() * id.value;
}

std::size_t Zone::nr_gigablocks() const {
  return spec_.spanned == NrPages{} ? 0 : gigablock_of(end() - NrPages{1}).value + std::size_t{1};
}

bool Zone::is_whole_gigablock(GigablockId id) const {
  const Pfn first = gigablock_start(id);
  return first >= start() && first + spec_.orders.gigablock.pages() <= end();
}

GigablockCensus Zone::gigablock(GigablockId id) const {
  const std::uint64_t pageblock_pages = spec_.orders.pageblock.pages().value;
  const Pfn first = std::max(gigablock_start(id), base_);
  const Pfn until = std::min(gigablock_start(id) + spec_.orders.gigablock.pages(), end());
  GigablockCensus census;
  for (Pfn at = first; at < until; at += NrPages{pageblock_pages}) {
    const Pageblock& block = pageblock(at);
    const std::uint64_t unused = pageblock_pages - block.allocated() - block.reserved;
    census.free += unused;
    census.movable += block.movable;
    census.unmovable += block.unmovable;
    census.unmovable += block.reserved;
    census.reclaimable += block.reclaimable;
    census.pinned += block.pinned;
    census.free_pageblocks += unused == pageblock_pages ? 1 : 0;
  }
  const bool tainted = census.unmovable + census.reclaimable > 0;
  const GigablockState full_or_not = census.movable > 0 ? GigablockState::clean : GigablockState::empty;
  census.state = tainted ? GigablockState::tainted : full_or_not;
  return census;
}

}  // namespace gbsim
