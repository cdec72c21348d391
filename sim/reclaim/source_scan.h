// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/reclaim/compact_control.h"
#include "sim/reclaim/fast_search.h"

namespace gbsim {

/** The migrate scanner: walks up from the bottom of the zone and isolates what can move: isolate_migratepages(). */
class SourceScan {
 public:
  SourceScan(CompactControl& control, Migration& migration) : c_(control), migration_(migration) {}

  /** Isolates up to a cluster of pages out of one pageblock, or its whole rest; false if it found none. */
  bool isolate();
  /** What isolate() found; the caller migrates it or puts it back, then clears it. */
  std::vector<FolioId>& folios() { return folios_; }

 private:
  /** One block of pages at the scanner, of any kind. */
  struct Sight {
    NrPages pages{1};
    bool free = false;
    Maybe<FolioId> folio{};
  };

  bool wants(Pfn low, bool vetted);
  bool suitable(Pfn low) const;
  bool is_immovable(GigablockId id) const;
  void scan_block(Pfn from, Pfn end);
  void walk();
  bool take_sight();
  Sight look() const;
  bool may_isolate(const Folio& folio) const;
  /** Somebody else marked the pageblock since this scan began. */
  bool claimed_by_other();
  void isolate_folio(FolioId id, NrPages pages);
  void pass_obstacle(NrPages pages);
  void settle_block();
  void update_cached(Pfn pfn);
  Pfn fast_find_block();
  bool may_search_fast() const;
  Pfn restart_at_lowest_found();
  Pfn chunk_end(Pfn pfn) const { return pfn.align_down(c_.request.order) + c_.request.order.pages(); }

  CompactControl& c_;
  Migration& migration_;
  std::vector<FolioId> folios_;

  // The pageblock being scanned.
  Pfn low_{};
  Pfn end_{};
  Pfn next_chunk_{};          // async direct work: a chunk of the wanted order that cannot be emptied is left at once
  bool by_chunk_ = false;
  bool from_start_ = false;   // only whole pageblocks may be marked
  bool mark_settled_ = false;
  std::uint64_t scanned_ = 0;
  std::uint64_t isolated_ = 0;
};

}  // namespace gbsim
