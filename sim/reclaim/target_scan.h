// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/reclaim/compact_control.h"
#include "sim/reclaim/fast_search.h"

namespace gbsim {

/**
 * The free scanner: walks down from the top of the zone and keeps isolated free blocks as targets, by order:
 * isolate_freepages(), compaction_alloc(). What it holds is raw, and goes back when it is released.
 */
class TargetScan {
 public:
  TargetScan(CompactControl& control, Migration& migration)
      : c_(control), migration_(migration), held_(control.zone.orders().max.value + 1U) {}
  TargetScan(const TargetScan&) = delete;
  TargetScan& operator=(const TargetScan&) = delete;
  ~TargetScan() { release(); }

  /** A raw block of exactly @order, out of what is held or newly isolated; nullopt if there is none to be had. */
  Maybe<Pfn> take(Order order);
  /** Returns a target that was not needed. */
  void give_back(Pfn pfn, Order order);
  /** Everything held returns to the free lists; the scanner will start there next time. */
  void release();

 private:
  Maybe<Pfn> take_held(Order order);
  void isolate();
  bool is_foreign(GigablockId id) const;
  bool suitable(const Pageblock& block, Pfn start) const;
  Pfn scan_block(Pfn from, Pfn end, unsigned stride);
  std::uint64_t pages_to_pass(Pfn pfn, Pfn end) const;
  /** Async work that meets a held zone->lock waits for it, and ends with this pageblock. */
  void lock_zone();
  bool isolate_block(Pfn pfn, Order order);
  bool enough() const { return c_.nr_targets >= c_.nr_sources; }
  Pfn block_below(Pfn start) const;

  void isolate_fast();
  bool use_found(const TargetSearch& search, const FoundTarget& found);
  void start_lower(const TargetSearch& search, FoundTarget& found);
  void isolate_around(Pfn pfn);

  CompactControl& c_;
  Migration& migration_;
  std::vector<std::deque<Pfn>> held_;
};

}  // namespace gbsim
