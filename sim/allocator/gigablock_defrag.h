// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "sim/allocator/evacuation.h"
#include "sim/base/maybe.h"
#include "sim/reclaim/shrink_slab.h"

namespace gbsim {

/** What keeping tainted gigablocks usable has cost and brought. */
struct GigablockDefragStats {
  std::uint64_t runs = 0;             // of one gigablock, until its goal or the end of what can be moved
  std::uint64_t productive_runs = 0;  // that freed at least one pageblock
  std::uint64_t pageblocks_freed = 0;
  std::uint64_t pages_migrated = 0;
  std::uint64_t slab_shrinks = 0;
  std::uint64_t slab_objects_freed = 0;
  std::uint64_t evacuations = 0;      // asked for by allocations
  std::uint64_t evacuations_useful = 0;
  std::uint64_t contig_tries = 0;     // to empty a pageblock of a clean gigablock before compaction
  std::uint64_t contig_emptied = 0;
};

/** One run of the worker over one gigablock. */
struct GigablockDefragRun {
  GigablockId gigablock{};  // of the whole machine
  NrPages migrated{};
  std::uint64_t pageblocks_freed = 0;
  Ns began{0};  // when it was queued
};

/**
 * Keeps room for non-movable memory in tainted gigablocks: a background worker that empties movable pageblocks there,
 * evacuation on behalf of an allocation about to taint another, and slab shrinking when they run low.
 * Triggers only queue work; step() does one bounded unit of it.
 */
class GigablockDefrag : public GigablockListener {
 public:
  /** All references must outlive it. Listens to every zone that indexes gigablocks. */
  GigablockDefrag(PageAllocator& allocator, Migration& migration, ShrinkSlab& slab);

  /** Called when work is queued while there was none. */
  void on_work(std::function<void()> wake) { wake_ = std::move(wake); }

  /** Called at the end of each run. */
  void on_run_end(std::function<void(const GigablockDefragRun&)> tell) { run_ended_ = std::move(tell); }

  void gigablock_refiled(const Zone& zone, GigablockId id) override;
  void taken_from_tainted(const Zone& zone, GigablockId id) override;
  void tainted_exhausted(const Zone& zone) override;

  /** One pageblock emptied, or one round of shrinkers; false if nothing was left to do. */
  bool step(CpuId cpu);
  /** Before @request taints a gigablock: bounded evacuation of tainted ones. True if anything was moved. */
  bool evacuate_for(const PageRequest& request);

  /**
   * Before @request, movable and of one pageblock, compacts: empties the cheapest pageblock of clean gigablocks,
   * of the first zone where one can be. True if it is free now. RFC v2-17, if gigablock.contig_first says so.
   */
  bool empty_clean_for(const PageRequest& request);

  const GigablockDefragStats& stats() const { return stats_; }

 private:
  /** One gigablock's record. */
  struct Record {
    bool queued = false;
    GigablockCategory filed{};              // as last heard of
    GigablockDefragRun run{};               // under way
    std::optional<Ns> last_in_vain{};
  };
  /** Shrinking on one node. */
  struct SlabShrink {
    std::optional<ShrinkScope> wanted{};
    std::optional<Ns> last{};
  };
  struct Place {
    Zone* zone;
    GigablockId id;
  };

  Record& record(const Zone& zone, GigablockId id) { return records_[zone.index()][id.value]; }
  void consider(const Zone& zone, GigablockId id);
  void trace_filing(const Zone& zone, GigablockId id);
  /** @id is the gigablock that runs low; none: there is none to aim at. */
  void want_shrink(const Zone& zone, std::optional<GigablockId> id);
  std::optional<GigablockId> most_reclaimable(const Zone& zone) const;
  bool needs_defrag(const Zone& zone, GigablockId id);
  bool is_short(const Zone& zone, GigablockId id) const;
  bool reached_goal(const Zone& zone, GigablockId id) const;
  bool below_shrink_mark(const Zone& zone, GigablockId id) const;
  /** The pageblock that is cheapest to empty: fewest pages to move, none of them stuck. */
  Maybe<Pfn> cheapest_pageblock(const Zone& zone, GigablockId id) const;
  bool empty_cheapest(Zone& zone, GigablockId id, CpuId cpu);
  void defrag_front(CpuId cpu);
  void end_run(Place place);
  bool shrink_some();
  bool free_mixed_pageblocks(Zone& zone, GigablockId id, const PageRequest& request, unsigned& left);
  bool empty_cheapest_clean(Zone& zone, CpuId cpu);
  bool evacuate_zone(Zone& zone, const PageRequest& request);
  void wake() const;

  Memory& memory_;
  ShrinkSlab& slab_;
  Evacuation evacuation_;
  std::function<void()> wake_;
  std::function<void(const GigablockDefragRun&)> run_ended_;
  std::vector<std::vector<Record>> records_;  // by zone index and gigablock
  std::deque<Place> queue_;
  std::vector<SlabShrink> shrinks_;           // by node
  GigablockDefragStats stats_;
};

}  // namespace gbsim
