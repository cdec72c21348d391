// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/grid.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/script_text.h"

namespace gbsim {
namespace {

constexpr double kCharacter = 8;  // pixels, on average
constexpr double kLine = 20;
constexpr double kHeading = 40;
constexpr double kSample = 80;  // a key's line sample and its gaps

}  // namespace

std::string Cell::margins() const {
  return fmt::format(
      "\nset lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n"
      "set tmargin at screen {:.4f}\nunset label\n",
      left, right, bottom, top);
}

std::string Cell::title(std::string_view text) const {
  return fmt::format("set label {} at screen {:.4f},{:.4f} left font \",12\"\n", gnuplot_string(text), left,
                     top + 0.6 * line);
}

std::string Cell::key_beside(std::size_t entries) const {
  const double needed = static_cast<double>(entries) * line;
  const double spacing = std::min(1.15, 1.1 * (top - bottom) / needed);
  return fmt::format(
      "set key at screen {:.4f},{:.4f} left top vertical maxcols 1 Left reverse samplen 2 spacing {:.2f}\n",
      right + 1.5 * character, top + 0.5 * line, spacing);
}

std::string Grid::key_axes() const {
  const Cell box{.left = 0.05, .right = 0.98, .bottom = 1 - heading / height, .top = 1 - kHeading / height};
  return box.margins() + fmt::format(
                             "set key at screen 0.515,{:.4f} center top horizontal Left reverse samplen 2 maxrows {}\n"
                             "unset border\nunset tics\nset xrange [0:1]\nset yrange [0:1]\n",
                             box.top, key_rows);
}

Grid Grid::single(std::size_t panels, std::size_t label_length) {
  Grid grid;
  grid.rows = std::max<std::size_t>(1, panels);
  grid.right = kSample + kCharacter * static_cast<double>(label_length);
  return grid;
}

Grid Grid::compared(std::size_t panels, std::size_t keys, std::size_t label_length) {
  Grid grid;
  const double key_width = kSample + kCharacter * static_cast<double>(label_length);
  const auto keys_in_row = static_cast<std::size_t>(std::max(1.0, 0.9 * grid.width / key_width));
  grid.key_rows = (keys + keys_in_row - 1) / keys_in_row;
  grid.columns = panels > 1 ? 2 : 1;
  grid.rows = (panels + grid.columns - 1) / grid.columns;
  grid.above = 35;
  grid.below = 65;
  grid.heading = kHeading + kLine * static_cast<double>(grid.key_rows);
  grid.footing = 0;
  grid.height = std::max(700U, static_cast<unsigned>(290.0 * static_cast<double>(grid.rows) + grid.heading));
  return grid;
}

Cell Grid::cell(std::size_t i) const {
  const double row_height = (height - heading - footing) / static_cast<double>(rows);
  const double column_width = width / static_cast<double>(columns);
  const double x = column_width * static_cast<double>(i % columns);
  const double y = height - heading - row_height * static_cast<double>(i / columns);  // upwards from the bottom
  return {.left = (x + left) / width,
          .right = (x + column_width - right) / width,
          .bottom = (y - row_height + below) / height,
          .top = (y - above) / height,
          .line = kLine / height,
          .character = kCharacter / width};
}

}  // namespace gbsim
