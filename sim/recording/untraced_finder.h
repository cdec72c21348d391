// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/mm/lazy_array.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_pages.h"

namespace gbsim {

/**
 * Finds what untraced.csv would tell where no such file lies beside a recording: pages that left the buddy, were never
 * announced, and show themselves later. They are freed; or a snapshot has them neither on a free nor on a per-CPU list.
 */
class UntracedFinder {
 public:
  /** Pages from @end on are not followed. */
  explicit UntracedFinder(Pfn end) : left_(end.value), end_(end) {}

  /** @taken: the event took its block off a free list, as zone_locked does and extfrag may. */
  void note(const TraceEvent& event, bool taken);
  /** What a snapshot shows at this point of the recording. */
  void note(const ZoneImage& zone);
  /** By the time they left. */
  std::vector<UntracedStay> stays() &&;

 private:
  /** By page: nothing is known of it, or when it left the buddy. */
  struct Left {
    Ns at{0};
    bool is_out = false;   // nothing has shown yet where it went
    bool is_held = false;  // not even a snapshot
  };
  void freed(const TraceEvent& event);
  void set(const TraceEvent& event, Left left);

  LazyArray<Left> left_;
  Pfn end_;
  std::vector<UntracedStay> stays_;
};

}  // namespace gbsim
