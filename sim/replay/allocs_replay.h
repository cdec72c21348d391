// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/mm/memory.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_pages.h"
#include "sim/replay/call_fallbacks.h"
#include "sim/replay/call_window.h"
#include "sim/replay/page_types.h"
#include "sim/replay/pcp_rearrangement.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/recorded_relief.h"
#include "sim/replay/replay_counts.h"
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

  /** @memory is as the snapshot has it, per-CPU lists included. Both outlive the object. */
  AllocsReplay(Memory& memory, const UntracedPages& untraced, LeadBack lead_back = LeadBack::by_calls);

  void feed(const TraceEvent& event);
  /** An event contradicted the memory, which is to be led back before the next call. Only by_lists. */
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
  /** The last unannounced page that a CPU's refill brought. */
  struct Burst {
    Ns last{0};
    Migratetype type = Migratetype::isolate;
  };

  void perform_next();
  void perform(const TraceEvent& event);
  void tick(Ns now);

  // Events.
  void alloc(const TraceEvent& event);
  void failed_alloc(const TraceEvent& event);
  void free(const TraceEvent& event);
  void migrate(const TraceEvent& event);
  void zone_locked(const TraceEvent& event);
  void isolate_range(const TraceEvent& event);
  void refill_unannounced(Zone& zone, const TraceEvent& event, PcpKey key);

  // Foretelling.
  Maybe<Pfn> foretell(const TraceEvent& event);
  void note_empty_lists(const PageRequest& request);
  /** The first @attempts rows of the table of tries. */
  Maybe<Pfn> attempt(const PageRequest& request, std::size_t attempts);
  bool overtaken(const Zone& zone, const TraceEvent& event);
  bool refills(const Zone& zone, const TraceEvent& event) const;
  void score_fallbacks(const TraceEvent& event);

  // Leading back.
  void lead_back(Zone& zone, const TraceEvent& event, Maybe<Pfn> ours);
  void put_back(Pfn pfn, const TraceEvent& event);
  bool take_from_own_list(Zone& zone, const TraceEvent& event);
  /** Ours of the last call, if it made one; how many blocks it had brought, the foretold one included. */
  std::size_t undo_refill(Zone& mine, const TraceEvent& event, PcpKey key);
  bool is_used_further(Zone& zone, const TraceEvent& event, PcpKey key) const;
  void find_list(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t brought);
  void refill_from(Zone& zone, const TraceEvent& event, PcpKey key, std::size_t blocks);
  void take_recorded(Zone& zone, const TraceEvent& event);
  void rearrange(Zone& zone, const TraceEvent& event, PcpKey key);
  /** A refill takes @most blocks more, or as many as it takes until @last is free no longer. */
  void refill_on(Zone& zone, CpuId cpu, PcpKey key, std::size_t most, Maybe<Pfn> last = {});
  void extend_refill(Zone& zone, const TraceEvent& event);
  void take_unannounced(Zone& zone, Pfn pfn, PcpKey key);
  /** What calls that no event shows took off the heads of the lists that @request would look at. */
  void take_held(const PageRequest& request, Ns now);
  void take_held(Zone& zone, CpuId cpu, PcpKey key, Ns now);
  void take_unseen(Zone& zone, Pfn head, Order order);

  CpuId cpu_of(const TraceEvent& event) const;
  PageRequest request_of(const TraceEvent& event) const;
  PcpRing& ring(Zone& zone, CpuId cpu, PcpKey key) const;

  Memory& memory_;
  const UntracedPages& untraced_;
  RecordedPages pages_;
  RecordedRelief relief_;
  ZoneLessons lessons_;
  PageAllocator allocator_;
  CallWindow window_;
  std::vector<Burst> bursts_;  // by CPU
  ReplayCounts counts_;
  std::uint64_t no_calls_ = 0;  // skipped and not yet counted: half of all events
  std::optional<Ns> next_tick_{};
  LeadBack how_;
  bool is_lost_ = false;
  std::vector<const Zone*> found_empty_;  // zones whose list the last call found empty: what is on it is our refill
  std::size_t tries_ = 0;  // rows of the table of tries that the last call went through in vain
  CallFallbacks fallbacks_;
};

}  // namespace gbsim
