// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/value_range.h"

#include <doctest/doctest.h>

#include <vector>

using namespace gbsim;

namespace {

std::string y_axis(const std::vector<double>& values) {
  return range_of(values).gnuplot("y");
}

}  // namespace

TEST_CASE("an axis of zeros, or of nothing, runs from 0 to 1 and not below") {
  CHECK(y_axis({0, 0, 0}) == "set yrange [0:1]\n");
  CHECK(y_axis({}) == "set yrange [0:1]\n");
}

TEST_CASE("values that are as good as constant are drawn over zero") {
  CHECK(y_axis({50, 50}) == "set yrange [0:50]\n");
  CHECK(y_axis({99.9, 100}) == "set yrange [0:100]\n");
  CHECK(y_axis({-3, -3}) == "set yrange [-3:0]\n");
}

TEST_CASE("zero is on the axis where it is near, else differences fill it") {
  CHECK(y_axis({2, 10}) == "set yrange [0:10]\n");
  CHECK(y_axis({80, 100}) == "set yrange [80:100]\n");
  CHECK(y_axis({-1, 4}) == "set yrange [-1:4]\n");
}

TEST_CASE("a margin does not go beyond zero") {
  CHECK(ValueRange{0, 10}.padded(0.1).gnuplot("x") == "set xrange [0:11]\n");
  CHECK(ValueRange{10, 20}.padded(0.1).gnuplot("x") == "set xrange [9:21]\n");
}
