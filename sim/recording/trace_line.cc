// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/trace_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/recording/kernel_gfp.h"

namespace gbsim {

namespace {

constexpr auto kEnd = std::string_view::npos;

std::string_view skip_spaces(std::string_view text) {
  const auto at = text.find_first_not_of(" \t");
  return at == kEnd ? std::string_view{} : text.substr(at);
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t")); }

/** Seconds with 1 to 9 decimals and a colon, or a clock's plain count, taken as nanoseconds. */
std::optional<Ns> parse_time(std::string_view word) {
  if (!word.ends_with(':')) {
    return std::nullopt;
  }
  word.remove_suffix(1);
  constexpr std::size_t kDecimals = 9;
  const auto dot = word.find('.');
  constexpr std::int64_t kMostSeconds = std::int64_t{1} << 32;
  const auto whole = whole_number<std::int64_t>(word.substr(0, dot));
  if (dot == kEnd || !whole || *whole < 0 || *whole > kMostSeconds) {
    return dot == kEnd && whole ? std::optional(Ns{*whole}) : std::nullopt;
  }
  const std::string_view decimals = word.substr(dot + 1);
  auto fraction = whole_number<std::int64_t>(decimals);
  if (!fraction || decimals.size() > kDecimals) {
    return std::nullopt;
  }
  for (std::size_t i = decimals.size(); i < kDecimals; ++i) {
    *fraction *= 10;
  }
  return Ns{*whole * 1'000'000'000 + *fraction};
}

/** What follows "[CPU]": an optional word of flags, time, event. */
bool parse_rest(std::string_view rest, TraceLine& line) {
  rest = skip_spaces(rest);
  auto time = parse_time(first_word(rest));
  if (!time) {
    rest = skip_spaces(rest.substr(first_word(rest).size()));
    time = parse_time(first_word(rest));
  }
  if (!time) {
    return false;
  }
  line.time = *time;
  rest = skip_spaces(rest.substr(first_word(rest).size()));
  std::string_view event = first_word(rest);
  line.fields = skip_spaces(rest.substr(event.size()));
  if (!event.ends_with(':')) {
    return false;
  }
  event.remove_suffix(1);
  const auto colon = event.find(':');
  line.system = colon == kEnd ? std::string_view{} : event.substr(0, colon);
  line.event = colon == kEnd ? event : event.substr(colon + 1);
  return !line.event.empty();
}

std::optional<std::uint64_t> parse_value(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  return whole_number<std::uint64_t>(hex ? text.substr(2) : text, hex ? 16 : 10);
}

/** The word after `NAME=`, at the start or after a space. */
std::optional<std::string_view> find_field(std::string_view fields, std::string_view name) {
  for (auto at = fields.find(name); at != kEnd; at = fields.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || fields[at - 1] == ' ') && end < fields.size() && fields[end] == '=') {
      return first_word(fields.substr(end + 1));
    }
  }
  return std::nullopt;
}

bool is_range_end(FieldMeaning meaning) {
  return meaning == FieldMeaning::pfn || meaning == FieldMeaning::search_start || meaning == FieldMeaning::end_pfn;
}

/** A range of pages is printed as `range=(0x1 ~ 0x2)`. */
std::optional<std::string_view> find_in_range(std::string_view fields, FieldMeaning meaning) {
  const auto open = fields.find("range=(");
  const auto tilde = fields.find(" ~ ", open);
  const auto close = fields.find(')', tilde);
  if (open == kEnd || tilde == kEnd || close == kEnd) {
    return std::nullopt;
  }
  const auto start = open + std::string_view("range=(").size();
  return meaning == FieldMeaning::end_pfn ? fields.substr(tilde + 3, close - tilde - 3)
                                          : fields.substr(start, tilde - start);
}

std::optional<std::string_view> text_of(const TraceLine& line, const EventRule& rule, const FieldRule& field) {
  const auto found = find_field(line.fields, field.name);
  const bool may_be_range = is_range(rule.kind) && is_range_end(field.meaning);
  return found || !may_be_range ? found : find_in_range(line.fields, field.meaning);
}

std::optional<std::uint64_t> outcome_called(std::string_view name) {
  const auto found = std::ranges::find(kCompactionOutcomes, name);
  return found == kCompactionOutcomes.end() ? std::nullopt
                                            : std::optional<std::uint64_t>(found - kCompactionOutcomes.begin());
}

std::optional<std::uint64_t> value_of(FieldMeaning meaning, std::string_view text) {
  if (meaning == FieldMeaning::gfp) {
    const auto bits = parse_kernel_gfp(text);
    return bits ? std::optional<std::uint64_t>(*bits) : std::nullopt;
  }
  if (meaning == FieldMeaning::outcome) {
    return outcome_called(text);
  }
  return text == "-1" ? std::optional(~std::uint64_t{0}) : parse_value(text);
}

/** "kcompactd0-40  ", or perf's "kcompactd0    40 ". */
std::uint32_t task_in(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t") + 1);
  return whole_number<std::uint32_t>(text.substr(text.find_last_of(" \t-") + 1)).value_or(0);
}

}  // namespace

std::optional<TraceLine> split_trace_line(std::string_view text) {
  TraceLine line;
  for (auto open = text.find('['); open != kEnd; open = text.find('[', open + 1)) {
    const auto close = text.find(']', open);
    if (close == kEnd) {
      return std::nullopt;
    }
    const auto cpu = whole_number<unsigned>(text.substr(open + 1, close - open - 1));
    if (cpu && parse_rest(text.substr(close + 1), line)) {
      line.task = task_in(text.substr(0, open));
      line.cpu = *cpu;
      return line;
    }
  }
  return std::nullopt;
}

ParsedEvent parse_fields(const TraceLine& line, const EventRule& rule) {
  ParsedEvent parsed;
  parsed.event.kind = rule.kind;
  parsed.event.cpu = static_cast<decltype(parsed.event.cpu)>(line.cpu);
  parsed.event.time = line.time;
  if (line.cpu >= kMostCpus) {
    parsed.error = fmt::format("{} on CPU {}, which no kernel has", rule.event, line.cpu);
  }
  if (tells_task(rule.kind)) {
    set_field(parsed.event, FieldMeaning::task, line.task);
  }
  for (const FieldRule& field : used_fields(rule)) {
    const auto text = text_of(line, rule, field);
    if (!text && field.required) {
      parsed.error = fmt::format("{} without {}", rule.event, field.name);
    }
    if (!text) {
      continue;
    }
    const auto value = value_of(field.meaning, *text);
    if (!value || !set_field(parsed.event, field.meaning, *value)) {
      parsed.error = fmt::format("{} has {}={}, which no kernel writes", rule.event, field.name, *text);
    }
  }
  return parsed;
}

std::optional<std::uint64_t> lost_events_in(std::string_view line) {
  const auto open = line.find('[');
  if (!line.starts_with("CPU:") || open == kEnd || line.find("EVENTS", open) == kEnd) {
    return std::nullopt;
  }
  const auto digit = line.find_first_of("0123456789", open);
  if (digit == kEnd) {
    return 1;
  }
  return whole_number<std::uint64_t>(first_word(line.substr(digit))).value_or(1);
}

}  // namespace gbsim
