// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/csv.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace gbsim {

std::string format_seconds(Ns time) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  const bool negative = time.count() < 0;
  const std::int64_t ns = negative ? -time.count() : time.count();
  std::string text = fmt::format("{}{}", negative ? "-" : "", ns / kPerSecond);
  if (ns % kPerSecond == 0) {
    return text;
  }
  text += fmt::format(".{:09}", ns % kPerSecond);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string format_ratio(double value) {
  return fmt::format("{:.6f}", value);
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted.append(c == '"' ? 2 : 1, c);
  }
  return quoted + '"';
}

void CsvLine::separate() {
  if (!std::exchange(first_, false)) {
    line_ += ',';
  }
}

void CsvLine::add(std::string_view name, std::uint64_t value) {
  separate();
  if (mode_ == Mode::header) {
    line_ += name;
    return;
  }
  fmt::format_to(std::back_inserter(line_), "{}", value);
}

void CsvLine::add_ratio(std::string_view name, double value) {
  separate();
  line_ += mode_ == Mode::header ? std::string(name) : format_ratio(value);
}

void CsvLine::add_seconds(std::string_view name, Ns value) {
  separate();
  line_ += mode_ == Mode::header ? std::string(name) : format_seconds(value);
}

void CsvLine::add_text(std::string_view name, std::string_view value) {
  separate();
  line_ += mode_ == Mode::header ? std::string(name) : csv_field(value);
}

std::string CsvLine::finish() && {
  return std::move(line_) + '\n';
}

}  // namespace gbsim
