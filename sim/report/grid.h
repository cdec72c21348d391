// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gbsim {

/** Where one pair of axes stands, as fractions of the picture. */
struct Cell {
  double left = 0;
  double right = 1;
  double bottom = 0;
  double top = 1;
  double line = 0.03;  // height of a line of text
  double character = 0.01;

  /** gnuplot commands that put the axes there and forget earlier titles. */
  std::string margins() const;
  /** A heading over the left end of the axes. */
  std::string title(std::string_view text) const;
  /** The key in a column to the right of the axes. */
  std::string key_beside(std::size_t entries) const;
};

/** Equal axes in rows and columns, with room for labels in pixels. */
struct Grid {
  unsigned width = 1200;
  unsigned height = 700;
  std::size_t columns = 1;
  std::size_t rows = 1;
  std::size_t key_rows = 0;
  double left = 95;     // of each column, for tics and label
  double right = 20;    // of each column
  double above = 10;    // of each row
  double below = 18;    // of each row
  double heading = 45;  // of the picture
  double footing = 50;  // of the picture

  /** Rows that share a time axis; a column of @label_length characters for keys at the right. */
  static Grid single(std::size_t panels, std::size_t label_length);
  /** Two columns of axes of their own, and above them room for @keys entries of one key. */
  static Grid compared(std::size_t panels, std::size_t keys, std::size_t label_length);

  /** Empty axes under the picture's heading, for a key that serves all axes. */
  std::string key_axes() const;
  /** Cell @i in reading order. */
  Cell cell(std::size_t i) const;
};

}  // namespace gbsim
