// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "sim/engine/simulation.h"
#include "sim/metrics/ftrace_writer.h"
#include "sim/metrics/perfetto_writer.h"
#include "sim/scenario/scenario.h"

namespace gbsim::cli {

/** Which traces a run writes, and how large each may get. */
struct TraceWish {
  bool ftrace = false;
  bool perfetto = false;
  TraceFilter events{};                            // of ftrace text
  std::uint64_t limit = std::uint64_t{64} << 20U;  // bytes

  TraceDetail detail() const;
};

/** trace.txt and trace.json of a result directory, as far as they were asked for. */
class TraceFiles {
 public:
  /** Throws OutputError, as all calls do. */
  TraceFiles(const TraceWish& wish, const std::filesystem::path& dir, const Scenario& scenario);

  void record(const TraceRecord& record);
  void sample(const Sample& sample);
  void event(const RunEvent& event);
  void finish(Ns end);

 private:
  std::unique_ptr<FtraceWriter> ftrace_;
  std::unique_ptr<PerfettoWriter> perfetto_;
};

}  // namespace gbsim::cli
