// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/mm/lazy_array.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_pages.h"

namespace gbsim {

/**
 * Finds pages that were handed out without an event: they left the buddy, or were freed onto a per-CPU list, and show
 * themselves later although no event announced them. They are freed (again); or a snapshot has them neither on a free
 * nor on a per-CPU list.
 */
class UntracedFinder {
 public:
  /** Pages from @end on are not followed. */
  explicit UntracedFinder(Pfn end) : left_(end.value), end_(end) {}

  /** untraced.csv beside the recording knows the pages of zone_locked events: only others are looked for. */
  void leave_removals_to_file() { file_knows_removals_ = true; }

  /** @taken: the event took its block off a free list, as zone_locked does and extfrag may. */
  void note(const TraceEvent& event, bool taken);
  /** What a snapshot shows at this point of the recording. */
  void note(const ZoneImage& zone);
  /** By the time they left. */
  std::vector<UntracedStay> stays() &&;

 private:
  /** By page: nothing is known of it, or when it left the buddy, or was freed. */
  struct Left {
    Ns at{0};
    bool is_out = false;    // nothing has shown yet where it went
    bool is_held = false;   // not even a snapshot
    bool was_freed = false;
  };
  void freed(const TraceEvent& event);
  /** Compaction, too, frees what it has taken off free lists and not used. */
  bool may_be_unused_target(const Left& left) const { return left.was_freed && !left.is_held && left.at <= compacted_; }
  void set(Pfn head, Order order, Left left);

  LazyArray<Left> left_;
  Pfn end_;
  bool file_knows_removals_ = false;
  Ns compacted_ = Ns::min();  // its last sign
  std::vector<UntracedStay> stays_;
};

}  // namespace gbsim
