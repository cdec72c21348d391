// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/trace_event.h"

namespace gbsim {

/** What the recording shows of blocks that reach the buddy without a pcpu_drain. */
enum class DirectFrees : std::uint8_t {
  by_order,  // orders without per-CPU lists do; others as marked by whoever feeds the events
  recorded,  // buddy_free events tell each (hidden.csv)
};

/**
 * Lock-step replay: list events (a block leaves a list, returns from a per-CPU list, is freed past it) drive our free
 * lists, which foretell the exact page of each removal, and our placement, which foretells each fallback. Wherever
 * either is wrong it is counted, and the model is led back to the recording.
 */
class ListsReplay {
 public:
  /** @memory is as the snapshot has it, pages on per-CPU lists allocated. It outlives the object. */
  ListsReplay(Memory& memory, DirectFrees direct_frees);

  /** The next event of the recording; @past_pcp: a free that reached the buddy although its order has per-CPU lists. */
  void feed(const TraceEvent& event, bool past_pcp);
  /** The first compaction begins: what follows is scored for the whole recording only. */
  void note_compaction();
  /** Settles what waits for its successor; before snapshots and at the end. */
  void flush();
  const ReplayCounts& counts() const { return counts_; }

 private:
  /** One CPU's view of its current refill. */
  struct CpuState {
    std::optional<TraceEvent> locked{};  // a removal that an extfrag event may yet explain
    std::vector<TraceEvent> types{};     // written, and perhaps part of a fallback that its event will show
    bool steals = false;                 // the rest of this refill does
  };

  CpuState& state(unsigned cpu);
  void flush(CpuState& cpu);
  void flush_zone(const Zone& zone);
  void apply_types(CpuState& cpu);
  void alloc(const TraceEvent& event);
  void free(const TraceEvent& event, bool past_pcp);
  void zone_locked(const TraceEvent& event);
  void pcpu_drain(const TraceEvent& event);
  void extfrag(const TraceEvent& event);
  void migrate(const TraceEvent& event);
  void buddy_free(const TraceEvent& event);
  void isolate(const TraceEvent& event);
  void set_type(const TraceEvent& event);

  void remove(const TraceEvent& event);
  void lead_back(Zone& zone, const TraceEvent& event);
  void score_removal(const TraceEvent& event, bool exact);
  void report_mismatch(const Zone& zone, const TraceEvent& event, std::optional<Pfn> ours);
  void return_block(Pfn head, Order order, std::optional<Migratetype> type, FreeFlags flags);
  void return_part(Zone& zone, Pfn head, Order order, std::optional<Migratetype> type, FreeFlags flags);
  void note_isolation(Zone& zone, Pfn pfn, std::optional<Migratetype> type);
  void end_isolation(Zone& zone, Pfn pfn, Migratetype type);
  bool is_capture(const Zone& zone, const TraceEvent& event, bool was_locked) const;

  Memory& memory_;
  RecordedPages pages_;
  DirectFrees direct_frees_;
  std::vector<CpuState> cpus_;
  ReplayCounts counts_;
};

}  // namespace gbsim
