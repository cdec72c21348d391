// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/screen_line.h"

#include <algorithm>
#include <utility>

namespace gbsim {
namespace {

bool is_printable(char letter) {
  return letter >= ' ' && letter <= '~';
}

/** The line to go next: the first of the least kept, seen from below. */
std::vector<ScreenLine>::iterator least_kept(std::vector<ScreenLine>& lines) {
  const auto less_kept = [](const ScreenLine& a, const ScreenLine& b) { return a.keep < b.keep; };
  return std::prev(std::min_element(lines.rbegin(), lines.rend(), less_kept).base());
}

}  // namespace

std::size_t ScreenLine::width() const {
  std::size_t sum = 0;
  for (const TextSpan& span : spans) {
    sum += span.text.size();
  }
  return sum;
}

std::string ScreenLine::text() const {
  std::string all;
  for (const TextSpan& span : spans) {
    all += span.text;
  }
  return all;
}

ScreenLine line_of(Keep keep, std::string text, TextStyle style) {
  std::ranges::replace_if(text, [](char letter) { return !is_printable(letter); }, '?');
  return {keep, {{std::move(text), style}}};
}

ScreenLine clipped(ScreenLine line, std::size_t columns) {
  if (line.width() <= columns) {
    return line;
  }
  std::size_t left = columns > 0 ? columns - 1 : 0;
  for (TextSpan& span : line.spans) {
    span.text.resize(std::min(span.text.size(), left));
    left -= span.text.size();
  }
  if (columns > 0) {
    line.spans.push_back({">", TextStyle::bold});
  }
  return line;
}

std::vector<ScreenLine> fit(std::vector<ScreenLine> lines, const ScreenSize& size) {
  while (lines.size() > size.rows) {
    lines.erase(least_kept(lines));
  }
  for (ScreenLine& line : lines) {
    line = clipped(std::move(line), size.columns);
  }
  return lines;
}

}  // namespace gbsim
