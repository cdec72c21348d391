// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/metrics/latency.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/sample.h"
#include "sim/metrics/summary.h"

namespace gbsim {

/** A rare thing worth a line of events.csv. Fields that do not apply stay empty. */
struct RunEvent {
  Ns time{0};                                  // since the end of warm-up
  std::string event;                           // taint, untaint, defrag, allocate_1g, free_1g, oom_kill, set, ...
  std::optional<GigablockId> gigablock{};
  std::optional<std::uint64_t> pages{};        // migrated, freed, killed
  std::optional<Ns> duration{};
  std::string detail{};                        // free text, quoted where CSV needs it
};

/**
 * Writes every file of a result directory except the plots. After each call that returns, everything given so far
 * is readable from the files; OutputError means that nothing before the failing call is lost.
 */
class ResultWriter {
 public:
  /** @dir exists and is empty (prepare_result_dir). @scenario_yaml is the resolved input. */
  ResultWriter(std::filesystem::path dir, RunIdentity run, std::string_view scenario_yaml);

  /** One row of each time series; records gigablocks that changed between tainted and not as events. */
  void sample(const Sample& sample);
  void event(const RunEvent& event);
  /** Appends @sample's free lists to buddyinfo.txt and pagetypeinfo.txt. */
  void snapshot(const Sample& sample);
  /** Replaces latency.csv; call as often as is cheap. */
  void latency(std::span<const LatencyRow> rows);
  /** latency.csv and summary.json from the last sample. */
  void finish(const RunEnding& ending);

  const std::filesystem::path& dir() const { return dir_; }
  const RunIdentity& run() const { return run_; }

 private:
  void note_changes(const Sample& sample);

  std::filesystem::path dir_;
  RunIdentity run_;
  AppendFile timeseries_;
  AppendFile vmstat_;
  AppendFile gigablocks_;
  AppendFile events_;
  AppendFile buddyinfo_;
  AppendFile pagetypeinfo_;
  std::optional<Sample> last_;
  GigablockChanges changes_;
};

}  // namespace gbsim
