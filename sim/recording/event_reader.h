// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/recording/event_tally.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/** What a recording says of itself; empty where it says nothing. */
struct TraceOrigin {
  std::string format{};          // such as "trace.dat version 7"
  std::string kernel_release{};  // as uname -r prints it
  std::string clock{};
  std::uint32_t cpus = kMostCpus;  // CPUs have numbers below this
};

/** Events of one recording, in order. Streaming: memory does not grow with the recording. */
class EventReader {
 public:
  virtual ~EventReader() = default;
  /** Appends some events to @batch; false, with nothing appended, at the end. Throws BadRecording. */
  virtual bool next_batch(std::vector<TraceEvent>& batch) = 0;
  virtual TraceOrigin origin() const { return {}; }
  /** What was lost, left out or out of order in the batches read so far, by kind. */
  virtual EventTally oddities() const { return {}; }
};

/** Events of one trace, as often as wished: opening a trace may take long, reading it again does not. */
class TraceReader : public EventReader {
 public:
  /** What comes next is the first batch again, and oddities count anew. Throws BadRecording. */
  virtual void rewind() = 0;
  /** Decoding it again takes less than keeping its events. */
  virtual bool is_quick() const { return false; }
};

}  // namespace gbsim
