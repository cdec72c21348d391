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
  bool is_crossed(const PicturePoint& from, const PicturePoint& to) const;
};

/** The part of the way from @from to @to that lies between @low and @high on one axis. */
struct Stretch {
  double enter = 0;
  double leave = 1;

  void clip(double from, double to, double low, double high) {
    if (from == to) {
      leave = from > low && from < high ? leave : -1;
      return;
    }
    const auto [first, last] = std::minmax({(low - from) / (to - from), (high - from) / (to - from)});
    enter = std::max(enter, first);
    leave = std::min(leave, last);
  }
};

bool Box::is_crossed(const PicturePoint& from, const PicturePoint& to) const {
  Stretch inside;
  inside.clip(from.x, to.x, low.x, high.x);
  inside.clip(from.y, to.y, low.y, high.y);
  return inside.enter < inside.leave;
}

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

bool is_crossed_by(const Box& box, const std::vector<PicturePoint>& line) {
  const auto crosses = [&](const PicturePoint& from, const PicturePoint& to) { return box.is_crossed(from, to); };
  return std::ranges::adjacent_find(line, crosses) != line.end();
}

}  // namespace

std::vector<std::optional<std::size_t>> place_labels(const std::vector<LabelledPoint>& labelled,
                                                     const LabelObstacles& obstacles, PicturePoint size) {
  std::vector<Box> taken;
  std::ranges::transform(obstacles.dots, std::back_inserter(taken), dot_box);
  std::vector<std::optional<std::size_t>> sides;
  for (const LabelledPoint& point : labelled) {
    const auto is_free = [&](const LabelSide& side) {
      const Box box = label_box(point, side);
      return box.within(size) && !meets_any(box, taken);
    };
    const auto is_clear = [&](const LabelSide& side) {
      return is_free(side) && !is_crossed_by(label_box(point, side), obstacles.line);
    };
    const auto* clear = std::ranges::find_if(kLabelSides, is_clear);
    const auto* chosen = clear != kLabelSides.end() ? clear : std::ranges::find_if(kLabelSides, is_free);
    if (chosen == kLabelSides.end()) {
      sides.emplace_back();
      continue;
    }
    sides.emplace_back(static_cast<std::size_t>(chosen - kLabelSides.begin()));
    taken.push_back(label_box(point, *chosen));
  }
  return sides;
}

}  // namespace gbsim
