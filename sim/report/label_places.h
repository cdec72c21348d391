// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim {

/** A place in a picture, pixels from its lower left corner. */
struct PicturePoint {
  double x = 0;
  double y = 0;
};

/** A side of a point where its label may stand. */
struct LabelSide {
  std::string_view gnuplot;  // alignment, as `with labels` takes it
  double right = 0;          // where the label's box begins, in its own widths and heights from the point
  double up = 0;
  PicturePoint gap;  // and pixels between
};

/** In order of preference. */
inline constexpr std::array kLabelSides{
    LabelSide{"left", 0, -0.5, {9, 0}},   LabelSide{"right", -1, -0.5, {-9, 0}}, LabelSide{"center", -0.5, 0, {0, 8}},
    LabelSide{"center", -0.5, -1, {0, -8}}, LabelSide{"left", 0, 0, {6, 5}},     LabelSide{"right", -1, 0, {-6, 5}},
    LabelSide{"left", 0, -1, {6, -5}},    LabelSide{"right", -1, -1, {-6, -5}},
};

inline constexpr double kLabelHeight = 14;  // pixels

/** What may carry a label: the first come first. */
struct LabelledPoint {
  PicturePoint at;
  std::string text;
};

/** What labels should not cover. */
struct LabelObstacles {
  std::vector<PicturePoint> dots{};
  std::vector<PicturePoint> line{};  // from each point to the next; crossed where there is no other room
};

/**
 * Which of kLabelSides the label of each of @labelled stands on so that it covers no other label and none of @obstacles
 * and stays within the picture of @size pixels; nullopt where there is no room. Labels are lines of 10 point.
 */
std::vector<std::optional<std::size_t>> place_labels(const std::vector<LabelledPoint>& labelled,
                                                     const LabelObstacles& obstacles, PicturePoint size);

}  // namespace gbsim
