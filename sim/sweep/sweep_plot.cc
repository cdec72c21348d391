// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>

#include "sim/metrics/output_file.h"
#include "sim/report/figure.h"
#include "sim/report/gnuplot.h"
#include "sim/report/script_text.h"
#include "sim/report/value_range.h"
#include "sim/sweep/heat_map.h"
#include "sim/sweep/levels.h"
#include "sim/sweep/pareto.h"
#include "sim/sweep/pareto_plot.h"

namespace gbsim {
namespace {

constexpr std::array kCurveColours{colour::kBlue,  colour::kVermillion, colour::kGreen, colour::kBlack,
                                   colour::kOrange, colour::kPurple,     colour::kSky};
constexpr std::array kSymbols{7, 4, 9, 6, 5, 8, 10};
constexpr double kPanelWidth = 420;
constexpr double kPanelHeight = 300;  // with short labels

/** Values of @metric over all runs of points that @chosen picks. */
template <typename Chosen>
std::vector<double> pooled(const Sweep& sweep, std::size_t metric, Chosen chosen) {
  std::vector<double> result;
  for (const SweepPoint& point : sweep.points()) {
    const std::vector<double> values = chosen(point) ? sweep.values(point, metric) : std::vector<double>{};
    result.insert(result.end(), values.begin(), values.end());
  }
  return result;
}

/** Metrics that some run has a value of; gnuplot refuses to draw the others. */
std::vector<std::size_t> drawable_metrics(const Sweep& sweep) {
  std::vector<std::size_t> result;
  for (std::size_t metric = 0; metric < sweep.spec().metrics.size(); ++metric) {
    if (!pooled(sweep, metric, [](const SweepPoint&) { return true; }).empty()) {
      result.push_back(metric);
    }
  }
  return result;
}

/** How panels stand in a picture. */
struct Panels {
  std::size_t columns = 1;
  std::size_t rows = 1;
  double height = kPanelHeight;  // of each
};

std::string head(const std::string& name, const Panels& panels, const std::string& title) {
  const double width = std::max(kPanelWidth * static_cast<double>(panels.columns), heading_width(title));
  const double height = panels.height * static_cast<double>(panels.rows) + 50;
  return script_head(name, static_cast<unsigned>(width), static_cast<unsigned>(height)) +
         fmt::format("unset datafile columnheaders\nset multiplot layout {},{} title {} font \",14\"\n", panels.rows,
                     panels.columns, gnuplot_string(title));
}

/** Runs at one level of a key. */
struct Response {
  std::size_t level = 0;
  double median = 0;
  Interval interval;
};

/** What @metric is at each level of @axis that has runs, of points that @chosen picks. */
template <typename Chosen>
std::vector<Response> responses_of(const Sweep& sweep, std::size_t metric, std::size_t axis, const Levels& levels,
                                   Chosen chosen) {
  std::vector<Response> result;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::vector<double> values = pooled(sweep, metric, [&](const SweepPoint& point) {
      return levels.index(point.setting[axis]) == i && chosen(point);
    });
    if (!values.empty()) {
      const std::string stream = fmt::format("plot.{}.{}.{}", metric, axis, i);
      result.push_back({i, spread_of(values).median, bootstrap_median(values, stream)});
    }
  }
  return result;
}

/** "x,median,low,high" of each response; gnuplot refuses a block without rows. */
std::string block(const std::string& name, const std::vector<Response>& responses) {
  std::string rows;
  for (const Response& each : responses) {
    rows += fmt::format("{},{},{},{}\n", each.level, each.median, each.interval.low, each.interval.high);
  }
  return fmt::format("${} << EOD\n{}EOD\n", name, rows.empty() ? "0,NaN,NaN,NaN\n" : rows);
}

/** The y axis that panels of a metric share, so that effects of keys can be compared by eye. */
std::string shared_axis(const std::vector<double>& values) {
  constexpr double kMargin = 0.05;
  return range_of(values).padded(kMargin).gnuplot("y");
}

/** Style of labels below a panel. */
LevelTics style_of(const Levels& levels) {
  constexpr std::size_t kLettersAcross = 40;  // of labels that stand side by side
  constexpr std::size_t kLettersLeaning = 8;  // longer ones would leave the picture
  LevelTics style{.step = 1 + (levels.size() - 1) / Levels::kMost};
  const std::size_t longest = levels.letters(style.most_letters);
  const bool is_crowded = (longest + 2) * levels.size() / style.step > kLettersAcross;
  style.angle = !is_crowded ? 0 : longest > kLettersLeaning ? 90 : 35;
  return style;
}

/** Height of panels that have each key of @sweep below them. */
double panel_height(const Sweep& sweep) {
  constexpr double kLetter = 8;
  double most = 0;
  for (std::size_t axis = 0; axis < sweep.spec().axes.size(); ++axis) {
    const Levels levels(sweep, axis);
    const LevelTics style = style_of(levels);
    most = std::max(most, style.angle == 90 ? kLetter * static_cast<double>(levels.letters(style.most_letters)) : 0);
  }
  return kPanelHeight + most;
}

/** Data blocks and panels of one metric, and the values in them. */
struct MetricPanels {
  std::string blocks;
  std::string panels;
  std::vector<double> values;
};

/** Adds a panel: @metric against key @axis. */
void add_response(MetricPanels& all, const Sweep& sweep, std::size_t metric, std::size_t axis) {
  const Levels levels(sweep, axis);
  const auto responses = responses_of(sweep, metric, axis, levels, [](const SweepPoint&) { return true; });
  for (const Response& each : responses) {
    all.values.insert(all.values.end(), {each.median, each.interval.low, each.interval.high});
  }
  const std::string name = fmt::format("r{}_{}", metric, axis);
  all.blocks += block(name, responses);
  all.panels += levels.tics("x", style_of(levels)) +
                fmt::format("set xlabel {}\n", gnuplot_string(sweep.spec().axes[axis].key)) +
                fmt::format("plot ${0} using 1:2:3:4 with yerrorbars pt 7 lw 1.5 lc rgb \"{1}\" notitle, ${0} "
                            "using 1:2 with lines lw 1.5 lc rgb \"{1}\" notitle\n",
                            name, colour::kBlue);
}

/** A row a metric, a column a key: what each key does on its own. */
SweepScript responses(const Sweep& sweep, const std::vector<std::size_t>& metrics) {
  const std::size_t axes = sweep.spec().axes.size();
  std::string blocks, panels;
  for (const std::size_t metric : metrics) {
    MetricPanels row;
    for (std::size_t axis = 0; axis < axes; ++axis) {
      add_response(row, sweep, metric, axis);
    }
    blocks += row.blocks;
    panels += shared_axis(row.values) +
              fmt::format("set ylabel {}\n", gnuplot_string(sweep.spec().metrics[metric].name)) + row.panels;
  }
  const std::string title = sweep.spec().name + ": medians over all runs at a value, bootstrap 95 % intervals";
  return {"responses", blocks + head("responses", {axes, metrics.size(), panel_height(sweep)}, title) + panels +
                           "unset multiplot\n"};
}

/** Height of the key over panels whose curves are values of @axis, as far as it has more than a line. */
double key_height(const Sweep& sweep, std::size_t axis) {
  constexpr std::size_t kLettersAcross = 45;
  constexpr double kLine = 18;
  const Levels curves(sweep, axis, kCurveColours.size());
  const std::size_t entries = std::min(curves.size(), kCurveColours.size());
  const std::size_t letters = curves.letters(LevelTics{}.most_letters) + 5;  // and the sample
  const std::size_t in_line = std::max<std::size_t>(1, kLettersAcross / letters);
  return kLine * static_cast<double>((entries - 1) / in_line);
}

/** Heading of the key over a panel whose curves are values of @axis. */
std::string key_title(const Sweep& sweep, std::size_t axis, const Levels& curves) {
  const std::string& name = sweep.spec().axes[axis].key;
  return curves.size() <= kCurveColours.size()
             ? name
             : fmt::format("{}, the first {} of {}", name, kCurveColours.size(), curves.size());
}

/** Adds a panel: @metric against key @x, a curve a value of key @by. */
void add_interaction(MetricPanels& all, const Sweep& sweep, std::size_t metric, std::size_t x, std::size_t by) {
  const Levels across(sweep, x), curves(sweep, by, kCurveColours.size());
  std::string plot;
  for (std::size_t i = 0; i < std::min(curves.size(), kCurveColours.size()); ++i) {
    const auto on_curve = [&](const SweepPoint& point) { return curves.index(point.setting[by]) == i; };
    const auto curve = responses_of(sweep, metric, x, across, on_curve);
    std::ranges::transform(curve, std::back_inserter(all.values), &Response::median);
    const std::string name = fmt::format("i{}_{}_{}_{}", metric, x, by, i);
    all.blocks += block(name, curve);
    plot += fmt::format("{}${} using 1:2 with linespoints lw 1.8 dt {} pt {} ps 1.1 lc rgb \"{}\" title {}",
                        plot.empty() ? "plot " : ", ", name, 1 + i, kSymbols[i], kCurveColours[i],
                        gnuplot_string(shortened(curves.text(i), LevelTics{}.most_letters)));
  }
  all.panels += across.tics("x", style_of(across)) +
                fmt::format("set xlabel {}\nset key outside top center horizontal samplen 2 font \",10\" title {} "
                            "font \",9\"\n",
                            gnuplot_string(sweep.spec().axes[x].key), gnuplot_string(key_title(sweep, by, curves))) +
                plot + "\n";
}

/** How the effect of one key depends on another; parallel curves mean that it does not. */
SweepScript interactions(const Sweep& sweep, std::size_t metric) {
  const std::size_t axes = sweep.spec().axes.size();
  const std::string& metric_name = sweep.spec().metrics[metric].name;
  const std::string name = "interactions_" + metric_name;
  MetricPanels all;
  double keys = 0;
  for (std::size_t i = 0; i < axes * axes; ++i) {
    keys = std::max(keys, key_height(sweep, i / axes));
    if (i % axes != i / axes) {
      add_interaction(all, sweep, metric, i % axes, i / axes);
    }
  }
  const Panels panels{axes - 1, axes, panel_height(sweep) + keys};
  return {name, all.blocks + head(name, panels, sweep.spec().name + ": medians, interactions of two keys") +
                    fmt::format("set ylabel {}\n", gnuplot_string(metric_name)) + shared_axis(all.values) +
                    all.panels + "unset multiplot\n"};
}

}  // namespace

std::vector<SweepScript> sweep_scripts(const Sweep& sweep) {
  const std::vector<std::size_t> metrics = drawable_metrics(sweep);
  if (metrics.empty()) {
    return {};
  }
  std::vector<SweepScript> scripts{responses(sweep, metrics)};
  if (sweep.spec().axes.size() > 1) {
    scripts.push_back({std::string(kHeatMapName), heat_map_script(sweep, metrics)});
    for (const std::size_t metric : metrics) {
      scripts.push_back(interactions(sweep, metric));
    }
  }
  if (sweep.spec().objectives.size() > 1 && !pareto_points(sweep).empty()) {
    scripts.push_back({"pareto", pareto_script(sweep)});
  }
  return scripts;
}

PlotOutcome draw_sweep(const Sweep& sweep) {
  const std::filesystem::path out = sweep.place().dir / "plots";
  std::filesystem::create_directories(out);
  std::vector<GnuplotJob> jobs;
  for (const SweepScript& script : sweep_scripts(sweep)) {
    const std::filesystem::path file = out / (script.name + ".gp");
    write_atomically(file, script.text);
    jobs.push_back({file, "png"});
    jobs.push_back({file, "svg"});
  }
  PlotOutcome outcome;
  draw_pictures(jobs, outcome);
  return outcome;
}

}  // namespace gbsim
