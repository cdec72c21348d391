// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gbsim {

/** How text is to stand out. A terminal without colours leaves the last four out: their letters differ. */
enum class TextStyle : std::uint8_t { plain, bold, empty, clean, tainted, partial };

inline constexpr std::size_t kNrTextStyles = 6;

/** Text of one style. Printable ASCII. */
struct TextSpan {
  std::string text;
  TextStyle style = TextStyle::plain;
};

/** Which lines a small terminal keeps: the higher, the longer. */
enum class Keep : std::uint8_t { spacing, heading, detail, map, buddy, keys, memory, progress };

/** One line of the screen. */
struct ScreenLine {
  Keep keep = Keep::detail;
  std::vector<TextSpan> spans{};

  std::size_t width() const;
  std::string text() const;
};

/** Rows and columns of a terminal. */
struct ScreenSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/** A line of one span. Bytes that are no printable ASCII become '?': they could steer the terminal. */
ScreenLine line_of(Keep keep, std::string text, TextStyle style = TextStyle::plain);

/** Cut to @columns; the last column of a cut line says so by '>'. */
ScreenLine clipped(ScreenLine line, std::size_t columns);

/** Drops the least kept lines, of equals the lowest first, until @size.rows are left; all are clipped. */
std::vector<ScreenLine> fit(std::vector<ScreenLine> lines, const ScreenSize& size);

}  // namespace gbsim
