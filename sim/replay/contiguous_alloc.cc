// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/contiguous_alloc.h"

namespace gbsim {

NrPages contiguous_pages(const TraceEvent& event, Order pageblock) {
  if (event.kind != EventKind::isolate_range || event.to <= event.pfn) {
    return NrPages{0};
  }
  const NrPages looked_at = event.to - event.pfn;
  const bool is_whole = event.pfn.is_aligned(pageblock) && looked_at >= pageblock.pages() &&
                        pages_taken(event) >= looked_at;
  return is_whole ? pages_taken(event) : NrPages{0};
}

bool allocate_contiguous(RecordedPages& recorded, Pfn from, NrPages pages, Order pageblock) {
  bool all_inside = true;
  for (Pfn at = from; at < from + pages; at += pageblock.pages()) {
    Zone* zone = recorded.zone_of(at, pageblock);
    if (zone == nullptr) {
      all_inside = false;
      continue;
    }
    RecordedPages::leave_pcp(*zone, at, pageblock);
    RecordedPages::seize(*zone, at, pageblock, Migratetype::movable, false);
    zone->set_pageblock_type(at, Migratetype::movable);
  }
  return all_inside;
}

}  // namespace gbsim
