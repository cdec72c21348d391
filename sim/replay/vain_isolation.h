// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/mm/zone.h"
#include "sim/recording/by_page.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Attempts at gigantic pages that no range could serve, which no event shows. alloc_contig_pages() isolates the
 * pageblocks of each aligned range up to the first that holds something unmovable, and the range's last one. Then it
 * puts them back as movable ones, in order of address and to the tails of the lists (start_isolate_page_range() of
 * mm/page_isolation.c). It shows in what the kernel takes next: the first block that lies in none of them.
 */
class VainIsolation {
 public:
  /** @event's block is on a per-CPU list from now on, or on its way to or from one: nobody holds it. */
  void note_cached(const TraceEvent& event) { cached_.fill(event.pfn, event.order.pages(), 1); }
  void note_handed_out(const TraceEvent& event) { cached_.fill(event.pfn, event.order.pages(), 0); }
  /** Compaction is at work, which passes over blocks, too. */
  void note_compaction(Ns time) { compacted_ = time; }

  /**
   * @removal took another block than the first of our lists. True: an attempt explains that beyond doubt, and @zone is
   * as one leaves it now. Less certain contradictions are remembered until one has no such explanation.
   */
  bool explains(Zone& zone, const TraceEvent& removal);

 private:
  using Pageblocks = std::vector<Pfn>;

  static bool may_be_tried(const Zone& zone, Pfn first);
  /**
   * Adds what an attempt at the range from @first on isolates and puts back, in order of address. Up to @young
   * pageblocks in its way count as none: an attempt is noticed late, and what is unmovable there may be younger.
   */
  void add_isolated(const Zone& zone, Pfn first, unsigned young, Pageblocks& pageblocks) const;
  /** Of all ranges of the zone, @young in that of @head; none if that leaves out the pageblock of @head. */
  Pageblocks isolated_with(const Zone& zone, Pfn head, unsigned young) const;
  bool is_in_the_way(const Zone& zone, Pfn pageblock) const;
  /** Whether to believe that the blocks passed over lately were in an attempt's pageblocks, @share of the zone. */
  bool is_beyond_doubt(Ns now, double share) const;

  ByPage<std::uint8_t> cached_;
  std::optional<Ns> compacted_{};  // latest sign
  unsigned passed_over_ = 0;       // blocks, by removals that an attempt may explain, all since the last it cannot
  Ns latest_{0};                   // of those removals
};

}  // namespace gbsim
