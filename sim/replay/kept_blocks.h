// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unordered_set>

#include "sim/mm/zone.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Pageblocks kept from ordinary use: isolated for a contiguous range, or the reserve for atomic requests. No event says
 * when that begins or ends; what happens to their pages does. Each function says whether it has changed the zone.
 */
class KeptBlocks {
 public:
  /** An allocation, which may have made its pageblock part of the reserve if it was atomic and larger than a page. */
  void note_alloc(const TraceEvent& event, const Zone& zone);
  /** A page returns to the lists as @type: if that is a kept one, so is its pageblock. */
  static bool note_return(Zone& zone, Pfn pfn, Migratetype type);
  /** A page that we have on a kept list leaves one of @type: an ordinary one, and its pageblock is kept no more. */
  static bool note_removal(Zone& zone, Pfn pfn, Migratetype type);
  /** The kernel does not see @head on the list that we have it on: it is in the reserve, if it can be. */
  bool hide(Zone& zone, Pfn head);

 private:
  std::unordered_set<std::uint64_t> candidates_;  // first pfns of pageblocks
};

}  // namespace gbsim
