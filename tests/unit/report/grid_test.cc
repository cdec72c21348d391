// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/grid.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("panels of one run share their left and right edges") {
  const Grid grid = Grid::single(3, 12);
  CHECK(grid.cell(0).left == grid.cell(2).left);
  CHECK(grid.cell(0).right == grid.cell(2).right);
  CHECK(grid.cell(1).top < grid.cell(0).bottom);
  CHECK(grid.cell(2).bottom > 0);
}

TEST_CASE("longer labels leave more room for the key") {
  CHECK(Grid::single(1, 30).cell(0).right < Grid::single(1, 5).cell(0).right);
}

TEST_CASE("compared panels stand in two columns, the picture grows with them") {
  const Grid grid = Grid::compared(5, 2, 10);
  CHECK(grid.rows == 3);
  CHECK(grid.cell(1).left > grid.cell(0).right);
  CHECK(grid.cell(2).left == grid.cell(0).left);
  CHECK(grid.height > 700);
}

TEST_CASE("many keys take several rows above the panels") {
  CHECK(Grid::compared(2, 2, 10).key_rows == 1);
  CHECK(Grid::compared(2, 20, 20).key_rows > 2);
  CHECK(Grid::compared(2, 20, 20).heading > Grid::compared(2, 2, 10).heading);
}

TEST_CASE("a cell is written as gnuplot margins") {
  const Cell cell{.left = 0.1, .right = 0.9, .bottom = 0.2, .top = 0.8};
  CHECK(cell.margins().find("set lmargin at screen 0.1000") != std::string::npos);
  CHECK(cell.title("x").find("set label \"x\" at screen 0.1000") != std::string::npos);
}
