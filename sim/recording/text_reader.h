// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sim/recording/event_reader.h"
#include "sim/recording/text_lines.h"

namespace gbsim {

/** Reads the text of trace-cmd report, perf script or tracefs `trace`, plain or compressed. */
class TextReader : public TraceReader {
 public:
  /** Throws BadRecording if no line at the start of @file is an event. */
  explicit TextReader(const InputFile& file);

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return {.format = format_}; }
  EventTally oddities() const override;
  void rewind() override { *this = TextReader(InputFile(lines_.file())); }

 private:
  /** The format by the first line that is an event. Throws BadRecording if there is none near the start. */
  static std::string recognised(const InputFile& file);
  void take_line(std::string_view line, std::vector<TraceEvent>& batch);
  void take_other(std::string_view line);

  TextLines lines_;
  std::string format_;
  std::uint64_t other_events_ = 0;
  std::uint64_t unreadable_lines_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace gbsim
