// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_map>

#include "sim/metrics/output_file.h"
#include "sim/report/figure.h"
#include "sim/report/gnuplot.h"
#include "sim/report/script_text.h"
#include "sim/sweep/pareto.h"
#include "sim/sweep/pareto_plot.h"

namespace gbsim {
namespace {

constexpr std::array kCurveColours{colour::kBlue,  colour::kVermillion, colour::kGreen, colour::kBlack,
                                   colour::kOrange, colour::kPurple,     colour::kSky};
constexpr std::array kSymbols{7, 4, 9, 6, 5, 8, 10};
constexpr unsigned kPanelWidth = 420;
constexpr unsigned kHeatMapWidth = 490;  // with its scale
constexpr unsigned kPanelHeight = 300;

constexpr std::size_t kMostLevels = 12;

/**
 * Distinct values of one key over all points: in order of size if they are numbers, else as they come. Where there are
 * more numbers than @most, as in a random design, neighbours make classes of about equal size.
 */
class Levels {
 public:
  Levels(const Sweep& sweep, std::size_t axis, std::size_t most = kMostLevels) {
    for (const SweepPoint& point : sweep.points()) {
      if (std::ranges::find(texts_, point.setting[axis]) == texts_.end()) {
        texts_.push_back(point.setting[axis]);
      }
    }
    if (std::ranges::all_of(texts_, [](const std::string& text) { return number_of(text).has_value(); })) {
      std::ranges::sort(texts_, {}, [](const std::string& text) { return *number_of(text); });
      classes_ = texts_.size() > most ? most / 2 : texts_.size();
    } else {
      classes_ = texts_.size();
    }
    for (std::size_t i = 0; i < classes_; ++i) {
      for (std::size_t at = begin_of(i); at < begin_of(i + 1); ++at) {
        class_of_.emplace(texts_[at], i);
      }
    }
  }

  std::size_t size() const { return classes_; }
  /** A value, or the least and the greatest of a class. */
  std::string text(std::size_t i) const {
    const std::string& first = texts_[begin_of(i)];
    const std::string& last = texts_[begin_of(i + 1) - 1];
    return first == last ? first : first + ".." + last;
  }
  /** Where @text, one of the values, belongs. */
  std::size_t index(const std::string& text) const { return class_of_.at(text); }

  /** Named tics at 0, 1, ...: equal distance whatever the values, as in an experiment; a dozen at most. */
  std::string tics(const char* direction) const {
    const std::size_t step = 1 + (size() - 1) / kMostLevels;
    std::string result = fmt::format("set {}tics (", direction);
    std::size_t letters = 0;
    for (std::size_t i = 0; i < size(); i += step) {
      result += fmt::format("{}{} {}", i > 0 ? ", " : "", gnuplot_string(text(i)), i);
      letters += text(i).size() + 2;
    }
    const bool crowded = letters > kLettersAcross && std::string_view(direction) == "x";
    return result + fmt::format(") {}\nset {}range [-0.5:{}.5]\n", crowded ? "rotate by 35 right" : "norotate",
                                direction, size() - 1);
  }

 private:
  static constexpr std::size_t kLettersAcross = 40;  // of tics that stand side by side under a panel

  std::size_t begin_of(std::size_t i) const { return i * texts_.size() / classes_; }

  std::vector<std::string> texts_;
  std::size_t classes_ = 0;
  std::unordered_map<std::string, std::size_t> class_of_;
};

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

std::string head(const std::string& name, std::size_t columns, std::size_t rows, const std::string& title,
                 unsigned panel_width = kPanelWidth) {
  return script_head(name, static_cast<unsigned>(columns) * panel_width,
                     static_cast<unsigned>(rows) * kPanelHeight + 50) +
         fmt::format("unset datafile columnheaders\nset multiplot layout {},{} title {} font \",14\"\n", rows, columns,
                     gnuplot_string(title));
}

/** "x,median,low,high" for each level of @axis, of points that @chosen picks. */
template <typename Chosen>
std::string level_rows(const Sweep& sweep, std::size_t metric, std::size_t axis, const Levels& levels, Chosen chosen) {
  std::string rows;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::vector<double> values = pooled(sweep, metric, [&](const SweepPoint& point) {
      return levels.index(point.setting[axis]) == i && chosen(point);
    });
    if (!values.empty()) {
      const Interval interval = bootstrap_median(values, fmt::format("plot.{}.{}.{}", metric, axis, i));
      rows += fmt::format("{},{},{},{}\n", i, spread_of(values).median, interval.low, interval.high);
    }
  }
  return rows;
}

std::string block(const std::string& name, const std::string& rows) {
  return fmt::format("${} << EOD\n{}EOD\n", name, rows);
}

/** A row a metric, a column a key: what each key does on its own. */
SweepScript responses(const Sweep& sweep, const std::vector<std::size_t>& metrics) {
  const auto& axes = sweep.spec().axes;
  std::string blocks, panels;
  for (std::size_t i = 0; i < metrics.size() * axes.size(); ++i) {
    const std::size_t metric = metrics[i / axes.size()], axis = i % axes.size();
    const Levels levels(sweep, axis);
    const std::string rows = level_rows(sweep, metric, axis, levels, [](const SweepPoint&) { return true; });
    blocks += block(fmt::format("r{}", i), rows.empty() ? "0,NaN,NaN,NaN\n" : rows);
    panels += levels.tics("x") + fmt::format("set xlabel {}\nset ylabel {}\n", gnuplot_string(axes[axis].key),
                                             gnuplot_string(sweep.spec().metrics[metric].name));
    panels += fmt::format("plot $r{0} using 1:2:3:4 with yerrorbars pt 7 lw 1.5 lc rgb \"{1}\" notitle, $r{0} "
                          "using 1:2 with lines lw 1.5 lc rgb \"{1}\" notitle\n",
                          i, colour::kBlue);
  }
  const std::string title = sweep.spec().name + ": medians over all runs at a value, bootstrap 95 % intervals";
  return {"responses", blocks + head("responses", axes.size(), metrics.size(), title) + panels + "unset multiplot\n"};
}

/** One panel: @metric against key @x, a curve a value of key @by. */
std::string interaction(const Sweep& sweep, std::size_t metric, std::size_t x, std::size_t by, std::string& blocks) {
  const Levels across(sweep, x), curves(sweep, by, kCurveColours.size());
  std::string plot;
  for (std::size_t i = 0; i < std::min(curves.size(), kCurveColours.size()); ++i) {
    const auto on_curve = [&](const SweepPoint& point) { return curves.index(point.setting[by]) == i; };
    const std::string rows = level_rows(sweep, metric, x, across, on_curve);
    const std::string name = fmt::format("i{}_{}_{}_{}", metric, x, by, i);
    blocks += block(name, rows.empty() ? "0,NaN,NaN,NaN\n" : rows);
    plot += fmt::format("{}${} using 1:2 with linespoints lw 1.8 dt {} pt {} ps 1.1 lc rgb \"{}\" title {}",
                        plot.empty() ? "plot " : ", ", name, 1 + i, kSymbols[i], kCurveColours[i],
                        gnuplot_string(curves.text(i)));
  }
  return across.tics("x") +
         fmt::format("set xlabel {}\nset key outside top center horizontal samplen 2 font \",10\" title {} "
                     "font \",9\"\n",
                     gnuplot_string(sweep.spec().axes[x].key), gnuplot_string(sweep.spec().axes[by].key)) +
         plot + "\n";
}

/** How the effect of one key depends on another; parallel curves mean that it does not. */
SweepScript interactions(const Sweep& sweep, std::size_t metric) {
  const std::size_t axes = sweep.spec().axes.size();
  const std::string name = "interactions_" + sweep.spec().metrics[metric].name;
  std::string blocks, panels = fmt::format("set ylabel {}\n", gnuplot_string(sweep.spec().metrics[metric].name));
  for (std::size_t i = 0; i < axes * axes; ++i) {
    if (i % axes != i / axes) {
      panels += interaction(sweep, metric, i % axes, i / axes, blocks);
    }
  }
  return {name, blocks + head(name, axes - 1, axes, sweep.spec().name + ": medians, interactions of two keys") +
                    panels + "unset multiplot\n"};
}

/** One heat map: medians of @metric over keys @x and @y, each cell that has points with its number. */
std::string heat_map(const Sweep& sweep, std::size_t metric, std::size_t x, std::size_t y, std::string& blocks) {
  const Levels across(sweep, x), up(sweep, y);
  std::string rows;
  for (std::size_t i = 0; i < across.size() * up.size(); ++i) {
    const std::size_t column = i % across.size(), row = i / across.size();
    const std::vector<double> values = pooled(sweep, metric, [&](const SweepPoint& point) {
      return across.index(point.setting[x]) == column && up.index(point.setting[y]) == row;
    });
    rows += values.empty() ? "" : fmt::format("{},{},{}\n", column, row, spread_of(values).median);
  }
  const std::string name = fmt::format("h{}_{}_{}", metric, x, y);
  blocks += block(name, rows);
  return across.tics("x") + up.tics("y") +
         // Names of tunables are nearly as long as a panel.
         fmt::format("set xlabel {} font \",9\"\nset ylabel {} font \",9\"\nset title {}\n",
                     gnuplot_string(sweep.spec().axes[x].key),
                     gnuplot_string(sweep.spec().axes[y].key), gnuplot_string(sweep.spec().metrics[metric].name)) +
         fmt::format("plot ${0} using 1:2:(0.5):(0.5):3 with boxxyerror fs solid noborder fc palette notitle, "
                     "${0} using 1:2:(sprintf(\"%.3g\", $3)) with labels font \",9\" notitle\n",
                     name);
}

SweepScript heat_maps(const Sweep& sweep, const std::vector<std::size_t>& metrics) {
  const std::size_t axes = sweep.spec().axes.size();
  std::string blocks, panels = "set palette defined (0 \"#FFFFFF\", 1 \"#56B4E9\")\nunset grid\nunset key\n"
                                "set rmargin 10\nset cbtics font \",8\"\nset format cb \"%.4g\"\n";
  for (std::size_t i = 0; i < metrics.size() * axes * axes; ++i) {
    const std::size_t metric = metrics[i / (axes * axes)], x = i % axes, y = i / axes % axes;
    panels += x < y ? heat_map(sweep, metric, x, y, blocks) : "";
  }
  const std::size_t pairs = axes * (axes - 1) / 2;
  const std::string title = sweep.spec().name + ": medians";
  return {"heat_maps", blocks + head("heat_maps", pairs, metrics.size(), title, kHeatMapWidth) + panels +
                           "unset multiplot\n"};
}

}  // namespace

std::vector<SweepScript> sweep_scripts(const Sweep& sweep) {
  const std::vector<std::size_t> metrics = drawable_metrics(sweep);
  if (metrics.empty()) {
    return {};
  }
  std::vector<SweepScript> scripts{responses(sweep, metrics)};
  if (sweep.spec().axes.size() > 1) {
    scripts.push_back(heat_maps(sweep, metrics));
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
