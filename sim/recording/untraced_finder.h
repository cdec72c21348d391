// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
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
  explicit UntracedFinder(Pfn end) : signs_(end.value), since_(end.value), end_(end) {}

  /** @taken: the event took its block off a free list, as zone_locked does and extfrag may. */
  void note(const TraceEvent& event, bool taken);
  /** What a snapshot shows at this point of the recording. */
  void note(const ZoneImage& zone);
  /** By the time they left. */
  std::vector<UntracedStay> stays() &&;

 private:
  /** Of a page that left the buddy, or was freed; 0: nothing is known of it. */
  enum Sign : std::uint8_t {
    out = 1,    // nothing has shown yet where it went
    held = 2,   // not even a snapshot
    freed = 4,  // it was freed, rather than taken off a free list
  };
  void note_free(const TraceEvent& event);
  /** Compaction, too, frees what it has taken off free lists and not used. */
  bool may_be_unused_target(Pfn pfn) const {
    return (signs_[pfn.value] & (freed | held)) == freed && since_[pfn.value] <= compacted_;
  }
  template <class Visit>
  void for_each_sign(Pfn from, Pfn until, Visit&& visit);
  void set(Pfn head, Order order, std::uint8_t signs, Ns since = Ns{0});

  // By page. Apart, as most events only take signs away, and a snapshot looks at those of all pages.
  LazyArray<std::uint8_t> signs_;
  LazyArray<Ns> since_;  // where there is a sign: when it left
  Pfn end_;
  Ns compacted_ = Ns::min();  // its last sign
  std::vector<UntracedStay> stays_;
};

}  // namespace gbsim
