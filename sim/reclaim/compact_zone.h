// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/zone.h"

namespace gbsim {

/** What one zone remembers between compactions: scanner positions, hints and deferral. */
struct CompactZone {
  /** Positions of a zone that was never compacted. */
  explicit CompactZone(const Zone& zone);

  Pfn migrate_async;
  Pfn migrate_sync;
  Pfn free;
  Pfn first_source;  // a scan from here on covers everything worth it
  Pfn first_target;
  unsigned considered = 0;   // requests since the last failure
  unsigned defer_shift = 0;  // of 1 << shift requests one may compact
  Order order_failed{};      // smaller orders are never deferred
  bool flush_skip_bits = false;

  /** Counts the request; true if it must do without compaction: compaction_deferred(). */
  bool deferred(Order order);
  /** Compaction for @order came to nothing. */
  void defer(Order order);
  /** Compaction made a block of @order; @got_page: and it was had, so that nothing is deferred any more. */
  void reset_defer(Order order, bool got_page);
  /** The longest deferral has just ended: a good time to forget hints. */
  bool restarting(Order order) const;
  /** Both scanners begin at the ends of @zone again. */
  void reset_positions(const Zone& zone);
  /** After a whole direct pass: clears hints of pageblocks worth another look and starts from the outermost ones. */
  void reset_isolation_suitable(Zone& zone);
};

/** First pfn of the last pageblock of @zone. */
Pfn last_pageblock(const Zone& zone);

}  // namespace gbsim
