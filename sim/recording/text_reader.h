// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sim/recording/byte_source.h"
#include "sim/recording/event_reader.h"

namespace gbsim {

/** Reads the text of trace-cmd report, perf script or tracefs `trace`, plain or compressed. */
class TextReader : public TraceReader {
 public:
  /** Throws BadRecording if no line at the start of @file is an event. */
  explicit TextReader(const InputFile& file);

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return {format_, {}, {}}; }
  EventTally oddities() const override;
  void rewind() override { *this = TextReader(InputFile(source_.file())); }

 private:
  /** The next line without its newline; false at the end. Valid until the next call. */
  bool next_line(std::string_view& line);
  bool refill();
  void take_line(std::string_view line, std::vector<TraceEvent>& batch);
  void take_other(std::string_view line);
  void note_format(std::string_view line);
  [[noreturn]] void fail(const std::string& what) const;

  ByteSource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t buffer_offset_ = 0;  // of the buffer's first byte in the unpacked file
  std::uint64_t line_offset_ = 0;
  std::uint64_t line_number_ = 0;
  bool cut_short_ = false;  // the present line has no newline
  std::string format_{};
  std::uint64_t other_events_ = 0;
  std::uint64_t unreadable_lines_ = 0;
  std::uint64_t lost_ = 0;
  bool recognised_ = false;
};

}  // namespace gbsim
