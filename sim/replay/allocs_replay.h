// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/allocator/page_allocator.h"
#include "sim/mm/memory.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_pages.h"
#include "sim/replay/call_fallbacks.h"
#include "sim/replay/call_lead_back.h"
#include "sim/replay/call_window.h"
#include "sim/replay/recorded_compaction.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/recorded_relief.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/unseen_calls.h"
#include "sim/replay/zone_lessons.h"

namespace gbsim {

/**
 * Allocator replay: the calls of a recording (allocations and frees, by whom) drive our allocator, with its own per-CPU
 * lists, zones, watermarks and fallbacks. The page of each allocation is foretold before the recorded one is looked
 * at. After a miss the model is led to the recorded page, so that one miss is not the cause of the next.
 */
class AllocsReplay {
 public:
  /** How the model finds back after a miss. */
  enum class LeadBack : std::uint8_t {
    by_calls,  // from the recorded page and the calls to come
    by_lists,  // whoever feeds it sets the memory right when is_lost() says so
  };

  /**
   * @memory is as the snapshot has it, per-CPU lists included. Both outlive the object. @isolations_are_shown:
   * `isolate` events tell each block that compaction takes.
   */
  AllocsReplay(Memory& memory, const UntracedPages& untraced, LeadBack lead_back = LeadBack::by_calls,
               bool isolations_are_shown = false);

  void feed(const TraceEvent& event);
  /** A call went otherwise than the recording has it: the memory is to be led back before the next. Only by_lists. */
  bool is_lost() const { return is_lost_; }
  void note_led_back();
  /** An extfrag event that is no fallback: direct compaction caught a block. */
  void pass_over_capture() { counts_.skipped.add("captured_by_compaction"); }
  /** Carries out what was only looked at so far; before snapshots and at the end. */
  void flush();
  /** What follows is scored for the whole recording only. */
  void note_compaction();
  ReplayCounts& counts() { return counts_; }

 private:
  void perform_next();
  bool concerns_us(const TraceEvent& event) const;
  void perform(const TraceEvent& event);
  void tick(Ns now);

  // Events.
  void alloc(const TraceEvent& event);
  void failed_alloc(const TraceEvent& event);
  void free(const TraceEvent& event);
  void migrate(const TraceEvent& event);
  void compaction(const TraceEvent& event);

  // Foretelling.
  Maybe<Pfn> foretell(const TraceEvent& event);
  /** The first @attempts rows of the table of tries. */
  Maybe<Pfn> attempt(const PageRequest& request, std::size_t attempts);
  bool overtaken(const Zone& zone, const TraceEvent& event);
  bool refills(const Zone& zone, const TraceEvent& event) const;
  void score_fallbacks(const TraceEvent& event);

  // Leading back.
  void lead_back(Zone& zone, const TraceEvent& event, Maybe<Pfn> ours);
  /** What a free gives back was taken before, whether or not an event showed that. */
  void take_unseen(Zone& zone, Pfn head, Order order);

  Memory& memory_;
  const UntracedPages& untraced_;
  RecordedPages pages_;
  RecordedRelief relief_;
  ZoneLessons lessons_;
  PageAllocator allocator_;
  CallWindow window_;
  ReplayCounts counts_;
  std::uint64_t no_calls_ = 0;  // skipped and not yet counted: half of all events
  std::optional<Ns> next_tick_{};
  LeadBack how_;
  RecordedCompaction compaction_;
  bool is_lost_ = false;
  std::size_t tries_ = 0;  // rows of the table of tries that the last call went through in vain
  CallFallbacks fallbacks_;
  UnseenCalls unseen_;
  CallLeadBack by_calls_;
};

}  // namespace gbsim
