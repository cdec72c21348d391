// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/mm/tracepoint.h"
#include "sim/recording/by_cpu.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/replay_counts.h"

namespace gbsim {

/**
 * Fallbacks that our allocator made for a call against those that the recording has between the CPU's last call and
 * this one. Recorded events are the answer to compare with, and decide nothing.
 */
class CallFallbacks : public TracepointSink {
 public:
  void tracepoint(Tracepoint point) override;
  /** An extfrag event of the recording. */
  void note(const TraceEvent& recorded);
  /**
   * A call of @cpu is done: the pairs are scored one by one, in order. Returns how many of ours have no counterpart.
   */
  std::uint64_t score_call(unsigned cpu, FallbackScore& score);
  /** Ours for the call that was scored last, in order. */
  const std::vector<ExtfragEvent>& last() const { return last_; }

 private:
  std::vector<ExtfragEvent> ours_;
  std::vector<ExtfragEvent> last_;
  ByCpu<std::vector<TraceEvent>> recorded_;
};

}  // namespace gbsim
