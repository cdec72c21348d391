// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/replay/replay_counts.h"
#include "sim/replay/snapshot_score.h"

namespace gbsim {

/** How far a replay has come. */
struct ReplayProgress {
  std::uint64_t events = 0;
  std::uint64_t total = 0;  // events of the recording
  Ns time{0};  // of the recording's clock
};

/** What a replay is asked to do. Times are of the recording's clock. */
struct ReplayRequest {
  std::filesystem::path trace{};
  std::optional<std::filesystem::path> snapshots{};  // else those beside the trace
  std::optional<Ns> until{};
  std::optional<KernelVersion> kernel{};  // else what the recording tells
  bool uses_aux = true;                   // files beside the trace that say what it cannot show
  bool calls_only = false;                // mode allocs: list events do not lead back after a miss
  std::uint64_t seed = 1;
  std::function<void(const ReplayProgress&)> on_progress{};
};

/** What a replay found; replay.json and the report are made of it. */
struct ReplayOutcome {
  std::string mode{};
  KernelVersion kernel = KernelVersion::v6_12;
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
