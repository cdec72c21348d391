// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/recording/event_window.h"
#include "sim/recording/recording.h"
#include "sim/replay/page_types.h"
#include "sim/replay/replay_mode.h"
#include "sim/replay/snapshot_memory.h"

namespace gbsim {

/** What a mode makes of a recording's events: it carries them out on a memory, and foretells them. */
class ReplayModel {
 public:
  ReplayModel() = default;
  ReplayModel(const ReplayModel&) = delete;
  ReplayModel& operator=(const ReplayModel&) = delete;
  virtual ~ReplayModel() = default;

  /** The event that @window has given last; @number counts announced events from 0. */
  virtual void feed(const TraceEvent& event, std::uint64_t number, const EventWindow& window) = 0;
  /** Carries out what waits for later events: memory is about to be looked at. */
  virtual void settle() = 0;
  virtual ReplayCounts& counts() = 0;
};

/** How a mode wants its recording. */
struct ReplayPlan {
  std::string_view mode;
  PcpLoad pcp;  // what becomes of pages on per-CPU lists, and where they are counted
  Untraced untraced;
};

/** Takes a model through a recording, and holds its memory against the kernel's at each snapshot. */
class ReplayDriver {
 public:
  /** @recording outlives the object. Throws BadRecording if it has no snapshot. */
  ReplayDriver(const Recording& recording, const ReplayPlan& plan);

  /** As the first snapshot has it, under the rules of the recording's kernel. */
  Memory& memory() { return *ours_.memory; }
  /** @model works on memory(). Throws BadRecording. */
  ReplayOutcome run(ReplayModel& model, const OnReplayProgress& on_progress = {});

 private:
  void compare_until(Ns time, ReplayModel& model);
  /** False: whoever asked has had enough. */
  bool tell(const OnReplayProgress& on_progress, const TraceEvent& event, std::uint64_t number) const;
  ReplayOutcome outcome(ReplayModel& model, const EventReader& reader);

  const Recording& recording_;
  ReplayPlan plan_;
  SnapshotMemory ours_;
  SnapshotWalk walk_;
  bool is_interrupted_ = false;
  std::uint64_t before_start_ = 0;  // events earlier than the snapshot that the replay starts from
  PageTypes types_;  // of the kernel's pages, which are ours
  std::vector<SnapshotScore> snapshots_;
};

}  // namespace gbsim
