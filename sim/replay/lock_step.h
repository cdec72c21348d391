// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/recording/by_cpu.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/trace_survey.h"
#include "sim/replay/buddy_returns.h"
#include "sim/replay/fallback_check.h"
#include "sim/replay/kept_blocks.h"
#include "sim/replay/lru_pages.h"
#include "sim/replay/skipped_heads.h"
#include "sim/replay/recorded_compaction.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/vain_isolation.h"

namespace gbsim {

/** What else a recording shows besides its list events. */
struct LockStepInput {
  bool frees_to_buddy = false;                // buddy_free events tell each that has no pcpu_drain
  bool isolations = false;                    // isolate events tell each
  std::vector<std::uint64_t> direct_frees{};  // numbers of frees past the per-CPU lists, from 0, ascending
  std::optional<Ns> first_compaction{};
};

/** As a first reading of the recording told. */
LockStepInput lock_step_input(const TraceSurvey& survey);

/**
 * Lock-step replay: list events (a block leaves a list, returns from a per-CPU list, is freed past it) drive our free
 * lists, which foretell the exact page of each removal, and our placement, which foretells each fallback. Wherever
 * either is wrong it is counted, and the model is led back to the recording.
 */
class LockStep {
 public:
  /** @memory is as the snapshot has it, pages on per-CPU lists allocated. It outlives the object. */
  LockStep(Memory& memory, LockStepInput input);

  /** What follows on the event's CPU is needed, too. */
  bool looks_ahead(const TraceEvent& event) const;
  /** @number counts announced events from 0. @next: see looks_ahead(); nullptr if none is near. */
  void feed(const TraceEvent& event, std::uint64_t number, const TraceEvent* next);
  /** What waits for later events is carried out: before snapshots and at the end. */
  void settle();
  /** Whether was_capture() may say so of the event, or surely not. Reads nothing that feed() changes. */
  bool may_be_capture(const TraceEvent& event) const;
  /** The last event looked like a fallback, but was a block that direct compaction caught. */
  bool was_capture() const { return was_capture_; }
  ReplayCounts& counts() { return counts_; }

 private:
  /** What is known of one CPU's present refill. */
  struct CpuState {
    std::vector<TraceEvent> types{};     // written, perhaps by a fallback whose event is to come
    std::optional<TraceEvent> stole{};   // the rest of this refill steals
    bool explained = false;              // the next extfrag event belongs to a removal already followed
  };
  struct Handler {
    EventKind kind;
    void (LockStep::*run)(const TraceEvent&);
  };
  static const std::array<Handler, kNrEventKinds> kHandlers;

  /** The zone that has the whole block; nullptr, counted, if none has. */
  Zone* zone_of(const TraceEvent& event);
  void pass_over(const TraceEvent& event);
  void alloc(const TraceEvent& event);
  void free(const TraceEvent& event);
  void zone_locked(const TraceEvent& event);
  void pcpu_drain(const TraceEvent& event);
  void extfrag(const TraceEvent& event);
  void migrate(const TraceEvent& event);
  void buddy_free(const TraceEvent& event);
  void compaction(const TraceEvent& event);
  void set_type(const TraceEvent& event);

  void write_types(CpuState& cpu);

  bool is_capture(const Zone& zone, const TraceEvent& event) const;
  /** What was carried out for a fallback. */
  struct Fallback {
    std::optional<Placement> done{};  // nothing: the recorded one cannot be
    bool is_open = false;             // the page is still to come off the request's own lists
  };
  /** Decides, compares, carries out. */
  Fallback fall_back(Zone& zone, const TraceEvent& event, PlacementMode mode, bool after_removal);
  void empty_own_lists(Zone& zone, const TraceEvent& event, const FallbackVerdict& verdict);
  void remove(Zone& zone, const TraceEvent& event);
  void lead_back(Zone& zone, const TraceEvent& event);
  void doubt_heads(Zone& zone, const TraceEvent& event);
  void drop_passed_over(Zone& zone, const TraceEvent& event);
  void note_skipped(Zone& zone, Pfn head, Order order);
  void turn_list(Zone& zone, const TraceEvent& event, Order order);
  void note_mismatch(const Zone& zone, const TraceEvent& event, Maybe<Order> found);
  void begin_compaction();
  void correct_if(bool changed, std::string_view kind);

  bool is_compacted_at(Ns time) const { return first_compaction_ && time >= *first_compaction_; }

  Memory& memory_;
  const KernelRules& rules_;
  RecordedPages pages_;
  LruPages lru_;
  bool frees_to_buddy_;
  std::optional<Ns> first_compaction_;
  RecordedCompaction compaction_;
  BuddyReturns returns_;
  ByCpu<CpuState> cpus_;
  const TraceEvent* next_ = nullptr;  // on the present event's CPU, if that looks ahead
  std::uint64_t number_ = 0;
  bool was_capture_ = false;
  SkippedHeads skipped_heads_;
  KeptBlocks kept_;
  VainIsolation vain_;
  ReplayCounts counts_;
};

}  // namespace gbsim
