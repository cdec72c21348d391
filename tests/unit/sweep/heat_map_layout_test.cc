// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/heat_map_layout.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace gbsim;

namespace {

constexpr double kLetter = 7, kLine = 12;  // pixels of 9 points

MapContent content_of(std::size_t values, std::size_t letters) {
  return {.columns = values,
          .rows = values,
          .digits = values <= 20 ? 6U : 0U,
          .letters_below = letters,
          .letters_left = letters,
          .name_below = 25,
          .name_left = 30};
}

/** Distance of neighbouring labels of columns, across their text. */
double pitch(const MapLayout& map) {
  return map.cell_width * std::sin(map.angle * std::acos(-1.0) / 180);
}

}  // namespace

TEST_CASE("labels of a heat map stay clear of each other, be they few or many, short or long") {
  for (const std::size_t values : {2, 8, 20, 60}) {
    for (const std::size_t letters : {1, 12, 36}) {
      CAPTURE(values);
      CAPTURE(letters);
      const double label = kLetter * static_cast<double>(letters);
      const MapLayout map = lay_out_map(content_of(values, letters));
      CHECK((map.angle == 0 ? map.cell_width > label : pitch(map) > kLine));
      CHECK(map.cell_height > kLine);
      CHECK(map.left > label + kMapAxisName);
      CHECK(map.below > kMapAxisName + (map.angle == 0 ? kLine : label * std::sin(map.angle * std::acos(-1.0) / 180)));
    }
  }
}

TEST_CASE("numbers fit their cells, names of keys their map") {
  for (const std::size_t values : {1, 2, 8, 20}) {
    CAPTURE(values);
    const MapLayout map = lay_out_map(content_of(values, 3));
    CHECK(map.cell_width > 6 * kLetter);
    CHECK(map.plot_width >= 25 * kLetter);
    CHECK(map.plot_height >= 30 * kLetter);
  }
}

TEST_CASE("a sheet has maps side by side as far as a screen goes, each metric in rows of its own") {
  const MapSheet three = sheet_of(std::vector(3, lay_out_map(content_of(4, 3))), 2);
  CHECK(three.columns == 3);
  CHECK(three.rows == 2);
  const MapSheet many = sheet_of(std::vector(36, lay_out_map(content_of(2, 3))), 2);
  CHECK(static_cast<double>(many.columns) * many.slot_width <= 2400);
  CHECK(many.columns * many.rows >= 72);
  CHECK(sheet_of({lay_out_map(content_of(300, 3))}, 1).columns == 1);
}
