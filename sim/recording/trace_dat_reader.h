// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "sim/recording/event_reader.h"
#include "sim/recording/input_file.h"

namespace gbsim {

/**
 * Reads trace.dat of trace-cmd, versions 6 and 7, compressed or not, through libtracecmd; CPUs are merged by time.
 * Holds one ring-buffer page a CPU, or one chunk if compressed.
 */
class TraceDatReader : public TraceReader {
 public:
  /** Throws BadRecording, with the offset, if @file is no trace.dat or its sections do not fit together. */
  explicit TraceDatReader(const InputFile& file);
  ~TraceDatReader() override;

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override;
  EventTally oddities() const override;
  void rewind() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gbsim
