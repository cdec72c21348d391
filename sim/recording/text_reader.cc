// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/recording/trace_line.h"

namespace gbsim {

namespace {

constexpr std::size_t kBatch = 4096;
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

TextReader::TextReader(const InputFile& file) : lines_(file), format_(recognised(file)) {}

std::string TextReader::recognised(const InputFile& file) {
  TextLines lines(file);
  bool is_tracefs = false;
  for (std::uint64_t i = 0; i < kLinesToRecognise; ++i) {
    const auto line = lines.next_part();
    if (!line || line->find('\0') != std::string_view::npos) {
      break;
    }
    is_tracefs = is_tracefs || line->starts_with("# tracer:");
    if (const auto event = split_trace_line(*line)) {
      return is_tracefs ? "tracefs text" : event->system.empty() ? "trace-cmd text" : "perf text";
    }
  }
  throw BadRecording(file.name(), 0, fmt::format("this is no trace that can be read: {} allowed", kAllowed));
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
  const bool may_lack_end = lines_.end() == TextLines::End::file && says_nothing(line);
  if (!may_lack_end) {
    lines_.refuse_part();
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
    lines_.fail(parsed.error);
  }
  batch.push_back(parsed.event);
}

bool TextReader::next_batch(std::vector<TraceEvent>& batch) {
  const std::size_t before = batch.size();
  while (batch.size() - before < kBatch) {
    const auto line = lines_.next_part();
    if (!line) {
      break;
    }
    take_line(*line, batch);
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
