// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/recording/by_cpu.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Frees that give nothing back: a target that compaction did not need is announced as freed, and stays with it
 * (compaction_free() of kernels whose rules say so). While a CPU moves pages, it frees what they were moved from; what
 * else it frees counts as such a target.
 */
class KeptTargets {
 public:
  /** Whether @event is such a free. Every event has to be given here. */
  bool note(const TraceEvent& event) {
    Mover& mover = movers_[event.cpu];
    switch (event.kind) {
      case EventKind::scan_source:
        mover.moves = found_pages(event);
        return false;
      case EventKind::migrated:
        mover.moves = false;
        return false;
      case EventKind::migrate:
        mover.source = event.pfn;
        return false;
      default:
        return event.kind == EventKind::free && mover.moves && event.pfn != mover.source;
    }
  }

 private:
  struct Mover {
    bool moves = false;
    Pfn source{};
  };
  ByCpu<Mover> movers_;
};

}  // namespace gbsim
