// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/recording/trace_line.h"

namespace gbsim {

namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kChunk = std::size_t{1} << 18;
constexpr std::size_t kLongestLine = std::size_t{1} << 16;
constexpr std::uint64_t kLinesToRecognise = 1000;  // headers and foreign events before the first that is an event

constexpr std::string_view kAllowed =
    "PGT1, trace.dat of trace-cmd (versions 6 and 7), or the text of `trace-cmd report`, `perf script` (with cpu and "
    "time) or tracefs `trace`, each also compressed";

/** A frame as perf prints it: "ffffffff81234567 function (module)". */
bool is_perf_frame(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  return !word.empty() && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/** Lines between events that say nothing: headers, stack traces, empty ones. */
bool says_nothing(std::string_view line) {
  const bool is_indented = line.starts_with(' ') || line.starts_with('\t');
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  return line.empty() || line.starts_with('#') || line.starts_with("=>") || (is_indented && is_perf_frame(line)) ||
         line.starts_with("cpus=") || line.starts_with("version = ") || line.starts_with("CPU ");
}

/** "205/1000" of a tracefs header: events that the ring buffer has overwritten. */
std::uint64_t overwritten(std::string_view line) {
  constexpr std::string_view kIntro = "# entries-in-buffer/entries-written: ";
  if (!line.starts_with(kIntro)) {
    return 0;
  }
  line.remove_prefix(kIntro.size());
  std::uint64_t kept = 0;
  std::uint64_t written = 0;
  const char* const end = line.data() + line.size();
  const auto slash = std::from_chars(line.data(), end, kept);
  if (slash.ptr != end) {
    std::from_chars(slash.ptr + 1, end, written);
  }
  return written > kept ? written - kept : 0;
}

}  // namespace

TextReader::TextReader(const InputFile& file) : source_(file) {
  std::string_view line;
  while (line_number_ < kLinesToRecognise && next_line(line)) {
    if (line.starts_with("# tracer:")) {
      format_ = "tracefs text";
    }
    if (line.find('\0') != std::string_view::npos) {
      break;
    }
    if (split_trace_line(line)) {
      note_format(line);
      recognised_ = true;
      break;
    }
  }
  if (!recognised_) {
    throw BadRecording(source_.file().name(), 0,
                       fmt::format("this is no trace that can be read: {} allowed", kAllowed));
  }
  at_ = 0;
  line_number_ = 0;
}

void TextReader::note_format(std::string_view line) {
  if (format_.empty()) {
    format_ = split_trace_line(line)->system.empty() ? "trace-cmd text" : "perf text";
  }
}

void TextReader::fail(const std::string& what) const {
  throw BadRecording(source_.file().name(), line_offset_, fmt::format("line {}: {}", line_number_, what));
}

bool TextReader::refill() {
  // While the format is being recognised nothing is dropped, so that reading can start over.
  if (recognised_) {
    buffer_.erase(0, at_);
    buffer_offset_ += at_;
    at_ = 0;
  }
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kChunk);
  buffer_.resize(had + source_.read(buffer_.data() + had, kChunk));
  return buffer_.size() != had;
}

bool TextReader::next_line(std::string_view& line) {
  auto end = buffer_.find('\n', at_);
  while (end == std::string::npos && buffer_.size() - at_ <= kLongestLine && refill()) {
    end = buffer_.find('\n', at_);
  }
  line_offset_ = buffer_offset_ + at_;
  ++line_number_;
  cut_short_ = end == std::string::npos;
  if (cut_short_ && buffer_.size() - at_ > kLongestLine && recognised_) {
    fail(fmt::format("a line of more than {} bytes", kLongestLine));
  }
  line = std::string_view(buffer_).substr(at_, cut_short_ ? std::string::npos : end - at_);
  at_ = cut_short_ ? buffer_.size() : end + 1;
  return !(cut_short_ && line.empty());
}

void TextReader::take_other(std::string_view line) {
  if (const auto lost = lost_events_in(line)) {
    lost_ += *lost;
  } else if (says_nothing(line)) {
    lost_ += overwritten(line);
  } else {
    ++unreadable_lines_;
  }
}

void TextReader::take_line(std::string_view line, std::vector<TraceEvent>& batch) {
  if (cut_short_ && !says_nothing(line)) {
    fail("the file ends inside an event");
  }
  const auto split = split_trace_line(line);
  if (!split) {
    take_other(line);
    return;
  }
  const EventRule* rule = find_event_rule(split->event);
  if (rule == nullptr) {
    ++other_events_;
    return;
  }
  const ParsedEvent parsed = parse_fields(*split, *rule);
  if (!parsed.error.empty()) {
    fail(parsed.error);
  }
  batch.push_back(parsed.event);
}

bool TextReader::next_batch(std::vector<TraceEvent>& batch) {
  const std::size_t before = batch.size();
  std::string_view line;
  while (batch.size() - before < kBatch && next_line(line)) {
    take_line(line, batch);
  }
  return batch.size() != before;
}

EventTally TextReader::oddities() const {
  EventTally tally;
  tally.add("lost_events", lost_);
  tally.add("other_events", other_events_);
  tally.add("unreadable_lines", unreadable_lines_);
  return tally;
}

}  // namespace gbsim
