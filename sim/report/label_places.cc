// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/label_places.h"

#include <algorithm>
#include <iterator>

namespace gbsim {
namespace {

constexpr double kCharWidth = 8;  // of DejaVu Sans at 10 points, digits
constexpr double kDot = 5;        // from the middle of a dot to its edge

/** A rectangle of a picture. */
struct Box {
  PicturePoint low, high;

  bool meets(const Box& other) const {
    return low.x < other.high.x && other.low.x < high.x && low.y < other.high.y && other.low.y < high.y;
  }
  bool within(PicturePoint size) const {
    return low.x >= 0 && low.y >= 0 && high.x <= size.x && high.y <= size.y;
  }
};

Box label_box(const LabelledPoint& point, const LabelSide& side) {
  const double width = kCharWidth * static_cast<double>(point.text.size());
  const PicturePoint low{point.at.x + side.right * width + side.gap.x,
                         point.at.y + side.up * kLabelHeight + side.gap.y};
  return {low, {low.x + width, low.y + kLabelHeight}};
}

Box dot_box(const PicturePoint& at) {
  return {{at.x - kDot, at.y - kDot}, {at.x + kDot, at.y + kDot}};
}

bool meets_any(const Box& box, const std::vector<Box>& taken) {
  return std::ranges::any_of(taken, [&](const Box& other) { return box.meets(other); });
}

}  // namespace

std::vector<std::optional<std::size_t>> place_labels(const std::vector<LabelledPoint>& labelled,
                                                     const std::vector<PicturePoint>& dots, PicturePoint size) {
  std::vector<Box> taken;
  std::ranges::transform(dots, std::back_inserter(taken), dot_box);
  std::vector<std::optional<std::size_t>> sides;
  for (const LabelledPoint& point : labelled) {
    const auto* free = std::ranges::find_if(kLabelSides, [&](const LabelSide& side) {
      const Box box = label_box(point, side);
      return box.within(size) && !meets_any(box, taken);
    });
    if (free == kLabelSides.end()) {
      sides.emplace_back();
      continue;
    }
    sides.emplace_back(static_cast<std::size_t>(free - kLabelSides.begin()));
    taken.push_back(label_box(point, *free));
  }
  return sides;
}

}  // namespace gbsim
