// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/recording/by_cpu.h"
#include "sim/recording/trace_event.h"
#include "sim/reclaim/fast_search.h"
#include "sim/replay/compaction_runs.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/replay_counts.h"

namespace gbsim {

/**
 * What recorded compaction does to our free lists. It takes free blocks off them, to move pages into or to make
 * contiguous ones, which are allocated from then on, with isolate as their type until something was moved there. It
 * turns the lists that it looks through. Targets left in the end are freed by ordinary events.
 */
class RecordedCompaction {
 public:
  /** How far our free lists are the kernel's. */
  enum class Lists : std::uint8_t {
    followed,  // block by block, in order: what was taken in them was taken in the kernel
    led_back,  // from time to time, in order: a target that nothing is moved to, and nobody frees, was never taken
    own,       // as sets at best: it does not help to turn those that were looked through for pages to move
  };

  /** @each_is_shown: `isolate` events tell each block, and searches nothing more. @memory outlives the object. */
  RecordedCompaction(Memory& memory, bool each_is_shown, Lists lists)
      : memory_(memory),
        pages_(memory),
        runs_(memory.zone(0).orders().pageblock),
        each_is_shown_(each_is_shown),
        lists_(lists) {}

  /**
   * An event of compaction: isolate, isolate_range or one that tells_task(). @next: what follows an isolate on its CPU,
   * which tells whether a search took the block; nullptr: not known.
   */
  void note(const TraceEvent& event, ReplayCounts& counts, const TraceEvent* next = nullptr);
  /** With the event noted last, its CPU's own lists of the zone were drained. */
  bool has_drained() const { return has_drained_; }
  /** Something is moved to a page that is free in our lists: a search that no event shows took its block. */
  void take_searched(Zone& zone, const TraceEvent& migrate);
  /** A free that leaves the page with compaction: one that kernels announce though they keep it. */
  bool keeps(const Zone& zone, const TraceEvent& free) const;

 private:
  void isolate(const TraceEvent& event, const TraceEvent* next, ReplayCounts& counts);
  /** The search that took the block of @isolate, which ends with @next if there is one, turns its lists before. */
  void foresee_search(Zone& zone, const TraceEvent& isolate, const TraceEvent* next);
  void isolate_range(const TraceEvent& event, ReplayCounts& counts);
  void follow_run(const TraceEvent& event, ReplayCounts& counts);
  void search_target(const TraceEvent& event, CompactionRun& run, ReplayCounts& counts);
  /** Of a search whose block an isolate event has shown: it has turned its lists if it was foreseen. */
  void follow_shown_search(Zone& zone, const TraceEvent& event, CompactionRun& run);
  void search_source(const TraceEvent& event, CompactionRun& run);
  void put_back_untaken(ReplayCounts& counts);
  static void turn_all(Zone& zone, const FoundTarget& found);
  static void take(Zone& zone, const RecordedPages::FreeBlock& block);

  Memory& memory_;
  RecordedPages pages_;
  CompactionRuns runs_;
  ByCpu<std::optional<FoundTarget>> foreseen_;  // by an isolate event: the search that its CPU tells of next
  bool each_is_shown_;
  Lists lists_;
  bool has_drained_ = false;
};

}  // namespace gbsim
