// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "sim/base/types.h"
#include "sim/metrics/event.h"
#include "sim/metrics/latency.h"
#include "sim/metrics/sample.h"
#include "sim/metrics/summary.h"
#include "sim/metrics/trace_record.h"

namespace gbsim {

/** How far a run has come, warm-up included. */
struct RunProgress {
  double fraction = 0;                // of warm-up and measured time together
  Ns simulated{0};                    // since boot
  std::uint64_t page_operations = 0;  // base pages allocated and freed since boot
};

/** Listens to a run. Times are measured time: zero is the end of the warm-up. Whatever it throws ends the run. */
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /** The machine as it boots, before anything runs. Time is negative where there is a warm-up. */
  virtual void on_boot(const Sample& /*sample*/) {}
  /** At zero, then every sample interval, and at the end. */
  virtual void on_sample(const Sample& /*sample*/) {}
  /** A timeline's `do: snapshot`. */
  virtual void on_snapshot(const Sample& /*sample*/) {}
  virtual void on_event(const RunEvent& /*event*/) {}
  /** Allocation latency since the end of the warm-up, once after each sample. */
  virtual void on_latency(std::span<const LatencyRow> /*rows*/) {}
  /** What is traced, in order of time; nothing later than the sample that follows. Only if the run is to be traced. */
  virtual void on_trace(const TraceRecord& /*record*/) {}
  /** Ten times a simulated second. */
  virtual void on_progress(const RunProgress& /*progress*/) {}
  /** Asked after each on_progress(); the answer may depend on wall time, as results do not depend on it. */
  virtual bool wants_glimpse() { return false; }
  /** Memory as it is now, between samples, if wanted. In the warm-up time is negative and counts are since boot. */
  virtual void on_glimpse(const Sample& /*sample*/) {}
  /** After the last sample; host figures are left for the observer. */
  virtual void on_finish(const RunEnding& /*ending*/) {}
};

}  // namespace gbsim
