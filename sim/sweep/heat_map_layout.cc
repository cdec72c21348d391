// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/heat_map_layout.h"

#include <algorithm>
#include <numbers>

namespace gbsim {
namespace {

// Pixels, for text of 9 points.
constexpr double kLetter = 7;
constexpr double kLine = 13;
constexpr double kTic = 15;  // and its gap
constexpr double kTitle = 40;
constexpr double kColourBox = 95;  // with its gap and labels
constexpr double kWidth = 280, kHeight = 200;  // of a map of few values
constexpr double kLargestWidth = 110, kLargestHeight = 80;  // of a cell
constexpr double kSheetWidth = 2400;  // unless one map alone is wider

double letters(std::size_t count) {
  return kLetter * static_cast<double>(count);
}

/** Of @count cells that should fill @whole together and give @name room beside them. */
double cell_size(std::size_t count, double whole, double least, double most, std::size_t name) {
  const auto cells = static_cast<double>(count);
  return std::max(std::clamp(whole / cells, least, std::max(least, most)), letters(name) / cells);
}

}  // namespace

MapLayout lay_out_map(const MapContent& content) {
  MapLayout map{.right = kColourBox, .above = kTitle};
  const bool has_numbers = content.digits > 0;
  map.cell_width = cell_size(content.columns, kWidth, has_numbers ? letters(content.digits) + 8 : kLine, kLargestWidth,
                             content.name_below);
  map.cell_height =
      cell_size(content.rows, kHeight, has_numbers ? 1.7 * kLine : kLine, kLargestHeight, content.name_left);
  map.plot_width = map.cell_width * static_cast<double>(content.columns);
  map.plot_height = map.cell_height * static_cast<double>(content.rows);

  const double label = letters(content.letters_below);
  const bool has_room = label + kLetter < map.cell_width;
  const bool can_lean = map.cell_width > 2 * kLine;
  map.angle = has_room ? 0 : can_lean ? 45 : 90;
  const double leaning = label / std::numbers::sqrt2;
  map.below = kMapAxisName + kTic + (has_room ? kLine : can_lean ? leaning + kLine : label);
  map.left = std::max(kMapAxisName + kTic + letters(content.letters_left), map.angle == 45 ? leaning : 0);
  return map;
}

MapSheet sheet_of(const std::vector<MapLayout>& maps, std::size_t groups) {
  MapSheet sheet;
  for (const MapLayout& map : maps) {
    sheet.slot_width = std::max(sheet.slot_width, map.width());
    sheet.slot_height = std::max(sheet.slot_height, map.height());
  }
  sheet.columns = std::clamp<std::size_t>(static_cast<std::size_t>(kSheetWidth / sheet.slot_width), 1, maps.size());
  sheet.rows = groups * ((maps.size() + sheet.columns - 1) / sheet.columns);
  return sheet;
}

}  // namespace gbsim
