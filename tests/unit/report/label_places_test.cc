// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/label_places.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gbsim;

namespace {

constexpr PicturePoint kSize{700, 500};

std::vector<std::string_view> alignments(const std::vector<LabelledPoint>& labelled,
                                         const LabelObstacles& obstacles = {}) {
  std::vector<std::string_view> result;
  for (const auto side : place_labels(labelled, obstacles, kSize)) {
    result.push_back(side ? kLabelSides[*side].gnuplot : "none");
  }
  return result;
}

using Alignments = std::vector<std::string_view>;

}  // namespace

TEST_CASE("a point alone has its label to the right, at the right edge to the left") {
  CHECK(alignments({{{100, 100}, "0001"}}) == Alignments{"left"});
  CHECK(alignments({{{690, 100}, "0001"}}) == Alignments{"right"});
}

TEST_CASE("a label gives way to a dot beside it") {
  CHECK(alignments({{{100, 100}, "0001"}}, {.dots = {{130, 100}}}) == Alignments{"right"});
}

TEST_CASE("a label gives way to a line, but is not left out for it") {
  const std::vector<LabelledPoint> point{{{100, 100}, "0001"}};
  CHECK(alignments(point, {.line = {{100, 100}, {300, 100}}}) == Alignments{"right"});
  CHECK(alignments(point, {.line = {{0, 100}, {100, 100}, {300, 100}}}) == Alignments{"center"});
  CHECK(alignments(point, {.line = {{300, 200}, {300, 0}}}) == Alignments{"left"});
  CHECK(alignments(point, {.line = {{120, 0}, {120, 500}}}) == Alignments{"right"});
  CHECK(alignments(point, {.line = {{0, 99}, {300, 101}, {300, 115}, {0, 115}, {0, 85}, {300, 85}}}) ==
        Alignments{"left"});
}

TEST_CASE("labels of equal points stand around them, and those without room are left out") {
  std::vector<LabelledPoint> points(20, {{300, 300}, "0001"});
  const auto sides = place_labels(points, {.dots = {{300, 300}}}, kSize);
  CHECK(sides[0].has_value());
  CHECK(sides[1].has_value());
  CHECK(sides[1] != sides[0]);
  CHECK_FALSE(sides[19].has_value());
}

TEST_CASE("labels of a dense row do not cover each other") {
  std::vector<LabelledPoint> points;
  for (unsigned i = 0; i < 100; ++i) {
    points.push_back({{6.0 * i, 250}, "0123"});
  }
  const auto sides = place_labels(points, {}, kSize);
  const auto shown = std::ranges::count_if(sides, [](const auto& side) { return side.has_value(); });
  CHECK(shown > 20);  // 600 pixels hold 18 labels of 32 pixels in one row
  CHECK(shown < 100);
}
