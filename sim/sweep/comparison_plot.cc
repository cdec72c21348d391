// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "sim/report/figure.h"
#include "sim/report/script_text.h"
#include "sim/report/value_range.h"

namespace gbsim {
namespace {

constexpr unsigned kColumns = 4;
constexpr unsigned kPanelWidth = 330;
constexpr unsigned kPanelHeight = 270;
constexpr unsigned kHeading = 60;  // pixels above the panels

/** Panels of one size, whatever their tics are: room for those of x below each, for those of y left of it. */
std::string layout(const Comparison& comparison, unsigned rows) {
  const double height = rows * kPanelHeight + kHeading;
  return fmt::format(
      "set multiplot layout {},{} title {} font \",14\" margins 0.06,0.985,{:.4f},{:.4f} spacing 0.065,{:.4f}\n", rows,
      kColumns, gnuplot_string(comparison.plan().name + ": each seed a circle, the median a bar"), 90 / height,
      1 - (kHeading + 10) / height, 125 / height);
}

/** Values of one metric inline: x, value, median, by placement; x spreads seeds a little so that none hides another. */
std::string data_block(const Comparison& comparison, const ComparedMetric& metric, std::size_t number) {
  std::string text = fmt::format("$metric{} << EOD\n", number);
  for (std::size_t i = 0; i < comparison.plan().placements.size(); ++i) {
    const std::vector<double> values = comparison.values(metric.formula, comparison.plan().placements[i]);
    const double median = spread_of(values).median;
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double offset =
          values.size() < 2 ? 0 : 0.4 * (static_cast<double>(k) / static_cast<double>(values.size() - 1) - 0.5);
      text += fmt::format("{:.3f},{},{},{}\n", static_cast<double>(i) + offset, values[k], median, i);
    }
  }
  return text + "EOD\n";
}

/** Every value of @metric, whatever the placement. */
std::vector<double> all_values(const Comparison& comparison, const ComparedMetric& metric) {
  std::vector<double> all;
  for (const std::string& placement : comparison.plan().placements) {
    std::ranges::copy(comparison.values(metric.formula, placement), std::back_inserter(all));
  }
  return all;
}

/** From zero, since bars and circles are compared by their height; no tics between the few of what is counted. */
std::string y_axis(const std::vector<double>& values) {
  constexpr double kMargin = 0.05;
  constexpr double kFew = 8;
  const auto [least, greatest] = std::ranges::minmax(values);
  const ValueRange range{std::min(0.0, least), std::max(0.0, greatest)};
  const bool is_count = std::ranges::all_of(values, [](double value) { return value == std::floor(value); });
  return range.padded(kMargin).gnuplot("y") +
         (is_count && range.high - range.low <= kFew ? "set ytics 1\n" : "set ytics autofreq\n");
}

bool has_values(const Comparison& comparison, const ComparedMetric& metric) {
  return std::ranges::any_of(all_values(comparison, metric), [](double value) { return value != 0; });
}

std::string tics(const Comparison& comparison) {
  std::string text = "set xtics (";
  for (std::size_t i = 0; i < comparison.plan().placements.size(); ++i) {
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", gnuplot_string(comparison.plan().placements[i]), i);
  }
  return text + fmt::format(") rotate by 25 right\nset xrange [-0.6:{}.6]\n", comparison.plan().placements.size() - 1);
}

std::string panel(const ComparedMetric& metric, std::size_t number) {
  return fmt::format(
      "set title {} font \",10\"\nplot $metric{} using ($4-0.35):3:(0.7):(0) with vectors nohead lc rgb \"{}\" "
      "lw 2 notitle, $metric{} using 1:2 with points pt 6 ps 0.9 lw 1.5 lc rgb \"{}\" notitle\n",
      gnuplot_string(metric.label), number, colour::kVermillion, number, colour::kBlue);
}

}  // namespace

std::string comparison_script(const Comparison& comparison) {
  std::vector<ComparedMetric> shown;
  std::ranges::copy_if(comparison.plan().metrics, std::back_inserter(shown),
                       [&](const ComparedMetric& metric) { return has_values(comparison, metric); });
  const auto rows = static_cast<unsigned>((std::max<std::size_t>(1, shown.size()) + kColumns - 1) / kColumns);
  std::string text = script_head(kComparisonPlotName, kColumns * kPanelWidth, rows * kPanelHeight + kHeading);
  text += "unset datafile columnheaders\n";
  for (std::size_t i = 0; i < shown.size(); ++i) {
    text += data_block(comparison, shown[i], i);
  }
  text += layout(comparison, rows);
  text += tics(comparison);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    text += y_axis(all_values(comparison, shown[i])) + panel(shown[i], i);
  }
  return text + "unset multiplot\n";
}

}  // namespace gbsim
