// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sim/base/lagging_worker.h"
#include "sim/mm/memory.h"
#include "sim/recording/event_window.h"
#include "sim/recording/recording.h"
#include "sim/replay/lock_step.h"
#include "sim/replay/recorded_pcps.h"
#include "sim/replay/snapshot_memory.h"
#include "sim/replay/zone_alignment.h"

namespace gbsim {

/**
 * The kernel's lists at each moment of a recording, as its list events tell: a second memory in lock-step. A model that
 * foretells calls without them is led back there after a miss, so that one miss is not the cause of the next.
 * As misses are rare, it follows in a thread of its own, and is waited for where its answer is needed.
 */
class ListFollower {
 public:
  /** Makes the second memory, which takes as long as the model's. Throws BadRecording. */
  static std::unique_ptr<SnapshotMemory> make_followed(const Recording& recording);
  /** @followed is made of @recording. @model is as its first snapshot has it, and outlives the object. */
  ListFollower(const Recording& recording, std::unique_ptr<SnapshotMemory> followed, Memory& model);
  ListFollower(const ListFollower&) = delete;
  ListFollower& operator=(const ListFollower&) = delete;

  /** The event that @window has given last; @number counts announced events from 0. */
  void feed(const TraceEvent& event, std::uint64_t number, const EventWindow& window);
  /** See LockStep. */
  bool was_capture(const TraceEvent& last_fed);
  /** The model has the kernel's lists from now on. */
  void lead_back();

 private:
  struct Step {
    Step(const TraceEvent& step, std::uint64_t nr, const TraceEvent* follows) : event(step), number(nr) {
      if (follows != nullptr) {
        next = *follows;
      }
    }
    TraceEvent event;
    std::uint64_t number = 0;
    std::optional<TraceEvent> next{};  // on its CPU, for events that look ahead
  };
  void follow(std::span<const Step> steps);

  std::unique_ptr<SnapshotMemory> followed_;
  LockStep lock_step_;
  RecordedPcps pcps_;
  std::vector<ZoneAlignment> alignments_;
  LaggingWorker<Step> worker_;  // last: it works on all of the above
};

}  // namespace gbsim
