// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/recording/trace_event.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

/**
 * Pages from event.pfn on that an allocation of contiguous pages got, such as a 1 GiB page: it has no event of its own,
 * but shows as an isolate_range that took whole pageblocks. Compaction passes over these where they are free
 * (suitable_migration_target()). 0: the event is none.
 */
NrPages contiguous_pages(const TraceEvent& event, Order pageblock);

/**
 * @pages from @from on are allocated from now on, whatever held them, and their pageblocks are movable, whatever they
 * were (undo_isolate_page_range() of alloc_contig_range()). False: some lie outside of the zones, and are left out.
 */
bool allocate_contiguous(RecordedPages& recorded, Pfn from, NrPages pages, Order pageblock);

}  // namespace gbsim
