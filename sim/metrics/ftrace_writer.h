// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "sim/metrics/trace_budget.h"
#include "sim/metrics/trace_events.h"
#include "sim/metrics/trace_file.h"
#include "sim/metrics/trace_record.h"

namespace gbsim {

/** trace.txt: tracepoints as `trace-cmd report` prints them. What its budget has no room for is reported as lost. */
class FtraceWriter {
 public:
  /** Throws OutputError, as all calls do. */
  FtraceWriter(const std::filesystem::path& path, unsigned nr_cpus, TraceBudget budget, TraceFilter filter = {});

  void record(const TraceRecord& record);
  /** Everything so far can be read. */
  void flush() { file_.flush(); }

 private:
  TraceFile file_;
  TraceBudget budget_;
  TraceFilter filter_;
  std::vector<std::uint64_t> dropped_;  // by CPU, since the last line of that CPU
};

}  // namespace gbsim
