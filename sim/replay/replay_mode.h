// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/recording/recording.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/snapshot_score.h"

namespace gbsim {

/** How far a replay has come. */
struct ReplayProgress {
  std::uint64_t events = 0;
  std::uint64_t total = 0;  // events of the recording
  Ns time{0};  // of the recording's clock
};

/** False: the replay ends here, interrupted. */
using OnReplayProgress = std::function<bool(const ReplayProgress&)>;

/** What a replay is asked to do, with which recording. */
struct ReplayRequest : RecordingRequest {
  bool calls_only = false;  // mode allocs: list events do not lead back after a miss
  OnReplayProgress on_progress{};
};

/** What a replay found; replay.json and the report are made of it. */
struct ReplayOutcome {
  std::string mode{};
  KernelVersion kernel = KernelVersion::v6_12;
  std::optional<Ns> first_compaction{};  // nothing: none in the recording
  bool is_interrupted = false;
  ReplayCounts counts{};
  std::vector<SnapshotScore> snapshots{};  // by time, then zone
  std::vector<std::string> remarks{};  // what readers of the result must know, a sentence each
};

/** One way to replay: a row of the table that the command chooses from. */
struct ReplayMode {
  std::string_view name;
  std::string_view meaning;
  /** Throws BadRecording. */
  ReplayOutcome (*run)(const ReplayRequest& request);
};

}  // namespace gbsim
