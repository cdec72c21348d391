// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/kept_blocks.h"

#include "sim/recording/kernel_gfp.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

bool is_kept(Migratetype type) { return type == Migratetype::isolate || type == Migratetype::highatomic; }

void change_type(Zone& zone, Pfn pfn, Migratetype type) {
  zone.move_freepages(pfn, type);
  zone.set_pageblock_type(pfn, type);
}

/** May use the reserve, and so may add to it: ALLOC_HIGHATOMIC. */
bool may_reserve(Gfp gfp) { return gfp.has(Gfp::high) && !gfp.may_block() && !gfp.has(Gfp::nomemalloc); }

}  // namespace

void KeptBlocks::note_alloc(const TraceEvent& event, const Zone& zone) {
  if (event.order > Order{0} && may_reserve(gfp_of_kernel(event.gfp))) {
    candidates_.insert(event.pfn.align_down(zone.orders().pageblock).value);
  }
}

bool KeptBlocks::note_return(Zone& zone, Pfn pfn, Migratetype type) {
  if (!is_kept(type) || zone.pageblock(pfn).type == type) {
    return false;
  }
  change_type(zone, pfn, type);
  return true;
}

bool KeptBlocks::note_removal(Zone& zone, Pfn pfn, Migratetype type) {
  if (const Slot slot = zone.slot(pfn); slot.is_free() && !is_kept(slot.list())) [[likely]] {
    return false;
  }
  const auto block = RecordedPages::free_block_at(zone, pfn);
  if (is_kept(type) || !block || !is_kept(block->list)) {
    return false;
  }
  change_type(zone, pfn, type);
  return true;
}

bool KeptBlocks::hide(Zone& zone, Pfn head) {
  const bool can_be = candidates_.erase(head.align_down(zone.orders().pageblock).value) != 0;
  if (!can_be || !is_mergeable(zone.pageblock(head).type)) {
    return false;
  }
  change_type(zone, head, Migratetype::highatomic);
  return true;
}

}  // namespace gbsim
