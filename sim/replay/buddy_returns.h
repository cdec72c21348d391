// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/inferred_frees.h"
#include "sim/replay/recorded_pages.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/waiting_frees.h"

namespace gbsim {

/**
 * Blocks that return to the free lists of a memory in lock-step: those that an event names, and frees past the per-CPU
 * lists that only what follows tells of (DirectFrees). The latter wait for their time, and are doubted where the kernel
 * passes their pages over.
 */
class BuddyReturns {
 public:
  /** @direct_frees: numbers of the frees in question, ascending. @memory outlives the object. */
  BuddyReturns(Memory& memory, std::vector<std::uint64_t> direct_frees)
      : memory_(memory), pages_(memory), direct_frees_(std::move(direct_frees)) {}

  /** @free, event number @number, waits if it is one of those in question. Numbers ascend. */
  void note_free(const TraceEvent& free, std::uint64_t number);
  /** What waits and reaches the buddy before @event does. Every event has to be given here. */
  void give_back_due(const TraceEvent& event, ReplayCounts& counts) {
    if (const auto due = waiting_.due(event); !due.empty()) [[unlikely]] {
      give_back(due, counts);
    }
  }
  /** What waits, and what was doubted. */
  void settle(ReplayCounts& counts);
  /** A free that went to the buddy, in parts where the block is larger than the zone's largest. */
  void give_back(const TraceEvent& free, ReplayCounts& counts);
  /** Without a @type, to the lists of its pageblock's. */
  static void give_back(Zone& zone, Pfn head, Order order, std::optional<Migratetype> type, FreeFlags flags,
                        ReplayCounts& counts);

  /** The block is free no more. */
  void note_left(Pfn head, Order order) { arrived_.left(head, order); }
  /** The kernel passed over the block at @head, which is there by inference only: it is allocated until it shows. */
  bool doubt(Zone& zone, Pfn head, Order order, ReplayCounts& counts);

 private:
  void give_back(const std::vector<TraceEvent>& frees, ReplayCounts& counts);

  Memory& memory_;
  RecordedPages pages_;
  std::vector<std::uint64_t> direct_frees_;
  std::size_t next_direct_ = 0;
  WaitingFrees waiting_;
  InferredFrees arrived_;
};

}  // namespace gbsim
