// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/pareto_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "sim/report/figure.h"
#include "sim/report/label_places.h"
#include "sim/report/script_text.h"
#include "sim/report/value_range.h"
#include "sim/sweep/pareto.h"

namespace gbsim {
namespace {

constexpr PicturePoint kPicture{1000, 700};
constexpr PicturePoint kPlotLow{0.09, 0.10}, kPlotHigh{0.84, 0.93};  // the plot's corners, shares of the picture
constexpr PicturePoint kPlot{(kPlotHigh.x - kPlotLow.x) * kPicture.x, (kPlotHigh.y - kPlotLow.y) * kPicture.y};

/** A point of the sweep by its medians of the first two objectives. */
struct Candidate {
  PicturePoint at;
  std::string id;
};

std::optional<Candidate> candidate(const Sweep& sweep, const SweepPoint& point) {
  double medians[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    const Spread spread = spread_of(sweep.values(point, sweep.metric_index(sweep.spec().objectives[i].metric)));
    if (spread.count == 0) {
      return std::nullopt;
    }
    medians[i] = spread.median;
  }
  return Candidate{{medians[0], medians[1]}, point.id};
}

/** The axis of one objective, with a margin for dots and their labels. */
ValueRange axis_of(const std::vector<Candidate>& points, double PicturePoint::*axis) {
  std::vector<double> values;
  std::ranges::transform(points, std::back_inserter(values), [&](const Candidate& point) { return point.at.*axis; });
  const ValueRange range = range_of(values);
  const double margin = 0.06 * (range.high - range.low);
  return {range.low - margin, range.high + margin};
}

std::string rows_of(const std::vector<Candidate>& points) {
  std::string rows;
  for (const Candidate& point : points) {
    rows += fmt::format("{},{},{}\n", point.at.x, point.at.y, point.id);
  }
  return rows;
}

/** Data blocks and plot clauses of labels, one of each a side. */
struct Labels {
  std::string blocks;
  std::string clauses;
};

void add_side(Labels& labels, std::size_t number, const std::vector<Candidate>& points) {
  const LabelSide& side = kLabelSides[number];
  const double up = side.gap.y + (side.up + 0.5) * kLabelHeight;
  if (!points.empty()) {
    labels.blocks += fmt::format("$label{} << EOD\n{}EOD\n", number, rows_of(points));
    labels.clauses += fmt::format(", $label{} using 1:2:3 with labels {} offset screen {:.4f}, screen {:.4f} "
                                  "font \",10\" notitle",
                                  number, side.gnuplot, side.gap.x / kPicture.x, up / kPicture.y);
  }
}

std::vector<Candidate> those_on(std::size_t side, const std::vector<Candidate>& front,
                                const std::vector<std::optional<std::size_t>>& sides) {
  std::vector<Candidate> there;
  for (std::size_t i = 0; i < front.size(); ++i) {
    if (sides[i] == side) {
      there.push_back(front[i]);
    }
  }
  return there;
}

/** Labels of the @front, which is drawn as a line if @is_line. */
Labels labels_of(const std::vector<Candidate>& all, const std::vector<Candidate>& front, bool is_line,
                 const ValueRange& x, const ValueRange& y) {
  const auto pixels = [&](const Candidate& point) {
    return PicturePoint{x.share(point.at.x) * kPlot.x, y.share(point.at.y) * kPlot.y};
  };
  LabelObstacles obstacles;
  std::ranges::transform(all, std::back_inserter(obstacles.dots), pixels);
  if (is_line) {
    std::ranges::transform(front, std::back_inserter(obstacles.line), pixels);
  }
  std::vector<LabelledPoint> wanted;
  std::ranges::transform(front, std::back_inserter(wanted),
                         [&](const Candidate& point) { return LabelledPoint{pixels(point), point.id}; });
  const auto sides = place_labels(wanted, obstacles, kPlot);
  Labels labels;
  for (std::size_t side = 0; side < kLabelSides.size(); ++side) {
    add_side(labels, side, those_on(side, front, sides));
  }
  return labels;
}

std::string axis_label(const Objective& objective) {
  return gnuplot_string(objective.metric + (objective.maximise ? " (more is better)" : " (less is better)"));
}

/** Whether the picture has all objectives: the front is a line only then. */
bool is_plane(const Sweep& sweep) {
  return sweep.spec().objectives.size() == 2;
}

std::string title(const Sweep& sweep) {
  const std::string rest =
      is_plane(sweep) ? "" : fmt::format(" in {} objectives, two of them drawn", sweep.spec().objectives.size());
  return fmt::format("{}: Pareto front of medians{}; labels are points of plan.csv", sweep.spec().name, rest);
}

std::string frame(const Sweep& sweep) {
  const auto& objectives = sweep.spec().objectives;
  return script_head("pareto", static_cast<unsigned>(kPicture.x), static_cast<unsigned>(kPicture.y)) +
         fmt::format("unset datafile columnheaders\nset key outside top right\nset title {}\nset xlabel {}\n"
                     "set ylabel {}\n",
                     gnuplot_string(title(sweep)),
                     axis_label(objectives[0]), axis_label(objectives[1])) +
         fmt::format("set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\n"
                     "set tmargin at screen {}\n", kPlotLow.x, kPlotHigh.x, kPlotLow.y, kPlotHigh.y);
}

}  // namespace

std::string pareto_script(const Sweep& sweep) {
  std::vector<Candidate> all, front;
  for (const SweepPoint& point : sweep.points()) {
    if (auto found = candidate(sweep, point)) {
      all.push_back(std::move(*found));
    }
  }
  for (const std::size_t index : pareto_points(sweep)) {
    front.push_back(*candidate(sweep, sweep.points()[index]));
  }
  const ValueRange x = axis_of(all, &PicturePoint::x);
  const ValueRange y = axis_of(all, &PicturePoint::y);
  const Labels labels = labels_of(all, front, is_plane(sweep), x, y);
  return fmt::format("$all << EOD\n{}EOD\n$front << EOD\n{}EOD\n", rows_of(all), rows_of(front)) + labels.blocks +
         frame(sweep) + x.gnuplot("x") + y.gnuplot("y") +
         fmt::format("plot $all using 1:2 with points pt 6 ps 1 lc rgb \"#909090\" title \"all points\", $front "
                     "using 1:2 with {} pt 7 ps 1.3 lw 1.5 dt 2 lc rgb \"{}\" title \"front\"{}\n",
                     is_plane(sweep) ? "linespoints" : "points", colour::kVermillion, labels.clauses);
}

}  // namespace gbsim
