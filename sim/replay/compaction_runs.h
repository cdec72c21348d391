// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unordered_map>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/mm/zone.h"
#include "sim/recording/by_cpu.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

/** One compaction of a zone under way in the kernel, as its events tell: what struct compact_control holds. */
struct CompactionRun {
  Order wish{};              // the order it is for; 0: none in particular, or not known yet
  Pfn migrate_pfn{};
  Pfn free_pfn{};
  Order search_order{};      // where the next search for a target begins
  unsigned search_fails = 0; // searches of free lists in a row that found nothing
  bool moves_pages = false;
  Maybe<Pfn> last_migrated{};  // pageblock from which pages were moved since lists were drained last
  std::vector<RecordedPages::FreeBlock> held{};  // targets, the latest kMostHeld / 2 of them at least

  /** Far more than are taken before pages are moved to them: pages of a pageblock, and as many to be moved. */
  static constexpr std::size_t kMostHeld = 4096;
  /** The task took the block off its free list, as a target. */
  void hold(const RecordedPages::FreeBlock& block);
  bool holds(Pfn pfn) const;
};

/** Compactions of all tasks, followed. */
class CompactionRuns {
 public:
  explicit CompactionRuns(Order pageblock) : pageblock_(pageblock) {}

  /** @event tells_task(). Returns the run that it belongs to, as it is after the event. */
  CompactionRun& note(const TraceEvent& event);
  /** That of @event's task, as it is. */
  const CompactionRun& run_of(const TraceEvent& event) { return runs_[task_of(event)]; }
  /** The run of @event is over, or another begins in its place. What it held is nobody's. */
  void end(const TraceEvent& event);
  /** Targets that are nobody's, once no compaction is under way; tasks on one CPU may take each other's till then. */
  std::vector<RecordedPages::FreeBlock> take_nobodys();
  /** The task that was seen last on @cpu took the block off its free list; if its run is over, it is nobody's. */
  void hold(std::uint16_t cpu, const RecordedPages::FreeBlock& block);
  /** A task moves pages at the moment. */
  bool any_moves_pages() const;
  /** The page is a target of a task that moves pages at the moment: nobody else can free it. */
  bool is_kept(Pfn pfn) const;
  /**
   * With this event of @run, the CPU's own lists of the zone were drained: a block of the order that compaction is for
   * has been passed since pages were moved out of it (check_drain of compact_zone()). True once.
   */
  static bool has_passed_block(const TraceEvent& event, CompactionRun& run);

 private:
  Order pageblock_;
  std::unordered_map<std::uint32_t, CompactionRun> runs_;  // by task
  ByCpu<std::uint32_t> tasks_;
  std::vector<RecordedPages::FreeBlock> nobodys_;
};

}  // namespace gbsim
