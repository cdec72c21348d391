// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/fragmentation.h"
#include "sim/mm/memory.h"

namespace gbsim {

namespace {

struct LruLine {
  LruList list;
  VmEvent node_line;
  VmEvent zone_line;
};

constexpr std::array kLruLines{
    LruLine{LruList::inactive_anon, VmEvent::nr_inactive_anon, VmEvent::nr_zone_inactive_anon},
    LruLine{LruList::active_anon, VmEvent::nr_active_anon, VmEvent::nr_zone_active_anon},
    LruLine{LruList::inactive_file, VmEvent::nr_inactive_file, VmEvent::nr_zone_inactive_file},
    LruLine{LruList::active_file, VmEvent::nr_active_file, VmEvent::nr_zone_active_file},
};

}  // namespace

void Memory::refresh_vmstat() {
  std::uint64_t free = 0;
  std::uint64_t in_pageblocks = 0;
  std::uint64_t cma = 0;
  for (const auto& zone : zones_) {
    free += zone->free_pages_exact().value;
    in_pageblocks += free_in_pageblocks(*zone).value;
    cma += zone->free_cma_pages().value;
  }
  vmstat_.set(VmEvent::nr_free_pages, free);
  vmstat_.set(VmEvent::nr_free_pages_blocks, in_pageblocks);
  vmstat_.set(VmEvent::nr_free_cma, cma);
  for (const LruLine& line : kLruLines) {
    NrPages pages;
    for (const LruVec& lists : lrus_) {
      pages += lists.size(line.list);
    }
    vmstat_.set(line.node_line, pages.value);
    vmstat_.set(line.zone_line, pages.value);
  }
  // Buffers, shared memory and mlocked pages are not modelled: the page cache is what its lists hold.
  vmstat_.set(VmEvent::nr_file_pages,
              vmstat_.get(VmEvent::nr_inactive_file) + vmstat_.get(VmEvent::nr_active_file));
}

}  // namespace gbsim
