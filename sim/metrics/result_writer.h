// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/metrics/event.h"
#include "sim/metrics/latency.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/pageblock_file.h"
#include "sim/metrics/sample.h"
#include "sim/metrics/summary.h"

namespace gbsim {

/**
 * Writes every file of a result directory except the plots. After each call that returns, everything given so far
 * is readable from the files; OutputError means that nothing before the failing call is lost.
 */
class ResultWriter {
 public:
  /** @dir exists and is empty (prepare_result_dir). @scenario_yaml is the resolved input. */
  ResultWriter(std::filesystem::path dir, RunIdentity run, std::string_view scenario_yaml);

  /** The time series with their headers, of a machine such as @sample shows. Before sample(), which else does it. */
  void begin(const Sample& sample);
  /** One row of each time series, a snapshot of the first; records gigablocks that changed between tainted and not as
   * events. */
  void sample(const Sample& sample);
  void event(const RunEvent& event);
  /** Appends @sample's free lists to buddyinfo.txt and pagetypeinfo.txt. */
  void snapshot(const Sample& sample);
  /** Replaces latency.csv; call as often as is cheap. */
  void latency(std::span<const LatencyRow> rows);
  /** latency.csv, summary.json and a snapshot, from the last sample. A run stopped before any has zeros. */
  void finish(const RunEnding& ending);

  const std::filesystem::path& dir() const { return dir_; }

  const RunIdentity& run() const { return run_; }

 private:
  void note_changes(const Sample& sample);
  void note_taints(const Sample& sample);

  std::filesystem::path dir_;
  RunIdentity run_;
  std::optional<AppendFile> timeseries_;
  std::optional<AppendFile> vmstat_;
  AppendFile gigablocks_;
  PageblockWriter pageblocks_;
  AppendFile events_;
  AppendFile buddyinfo_;
  AppendFile pagetypeinfo_;
  std::optional<Sample> last_;
  std::optional<Ns> last_snapshot_;
  GigablockChanges changes_;
};

}  // namespace gbsim
