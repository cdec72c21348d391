// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace gbsim {

/** What a heat map has to find room for. */
struct MapContent {
  std::size_t columns = 1;
  std::size_t rows = 1;
  std::size_t digits = 0;         // letters of the longest number in a cell; 0: cells carry none
  std::size_t letters_below = 0;  // of the longest label of a column
  std::size_t letters_left = 0;   // of a row
  std::size_t name_below = 0;     // letters of the keys' names
  std::size_t name_left = 0;
};

/** Room that a heat map takes, in pixels. */
struct MapLayout {
  double cell_width = 0;
  double cell_height = 0;
  double plot_width = 0;  // of all cells
  double plot_height = 0;
  double left = 0;  // around them
  double right = 0;
  double above = 0;
  double below = 0;
  int angle = 0;  // by which labels of columns are turned

  double width() const { return left + plot_width + right; }
  double height() const { return above + plot_height + below; }
};

/** A layout in which no label and no number meets its neighbour. */
MapLayout lay_out_map(const MapContent& content);

/** Heat maps in rows, each in a slot of the same size. */
struct MapSheet {
  double slot_width = 0;
  double slot_height = 0;
  std::size_t columns = 1;
  std::size_t rows = 1;
};

/** The sheet for as many rows of @maps as @groups, each beginning a new line. */
MapSheet sheet_of(const std::vector<MapLayout>& maps, std::size_t groups);

inline constexpr double kMapAxisName = 36;  // pixels, for the name of a key beside or below a map

}  // namespace gbsim
