// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/** What `gbsim record` is to record, and where the kernel's files are. */
struct RecordPlan {
  unsigned seconds = 60;
  unsigned interval = 10;              // seconds between snapshots
  unsigned buffer_mib = 64;            // of each CPU
  std::string trace_cmd = "trace-cmd";
  std::filesystem::path proc = "/proc";
  std::filesystem::path sys = "/sys";
  std::filesystem::path tracefs = "/sys/kernel/tracing";
};

/** Events that replay uses, as SYSTEM:EVENT. */
std::vector<std::string> events_to_record();

/** Which of events_to_record() the kernel does not have, such as compaction's where it was built without. */
std::vector<std::string> absent_events(const RecordPlan& plan);

/**
 * The words of the trace-cmd call that records to @trace, less the events @without, which trace-cmd would stop at. Its
 * clock is that of the snapshots, CLOCK_MONOTONIC.
 */
std::vector<std::string> trace_cmd_words(const RecordPlan& plan, const std::filesystem::path& trace,
                                         const std::vector<std::string>& without = {});

/** All of it as one line for a shell. */
std::string trace_cmd_line(const RecordPlan& plan, const std::filesystem::path& trace);

/** Why @plan cannot run here, in words for people; empty: it can. */
std::string missing_for_recording(const RecordPlan& plan);

/** Copies what there is of machine_files() to below @dir. Throws std::runtime_error if one cannot be written. */
void keep_machine_files(const RecordPlan& plan, const std::filesystem::path& dir);

/** A snapshot: copies of the files of /proc that tell of free memory, in DIR/snaps/SEQ_LABEL/, listed in index.csv. */
class SnapshotTaker {
 public:
  SnapshotTaker(std::filesystem::path proc, std::filesystem::path dir);
  /** Throws std::runtime_error if a file cannot be written. */
  void take(const std::string& label, Ns now);

 private:
  std::filesystem::path proc_;
  std::filesystem::path dir_;
  unsigned next_ = 0;
};

}  // namespace gbsim
