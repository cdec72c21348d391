// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/heat_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "sim/report/script_text.h"
#include "sim/report/value_range.h"
#include "sim/sweep/heat_map_layout.h"
#include "sim/sweep/levels.h"

namespace gbsim {
namespace {

constexpr std::size_t kMostLevels = 64;    // of numbers, before neighbours share a cell
constexpr std::size_t kMostNumbered = 20;  // values a side of a map whose cells carry numbers
constexpr std::size_t kMostLetters = 36;   // of a label
constexpr double kHeading = 45;            // pixels above all maps

/** A number as short as a cell needs it. */
std::string cell_text(double value) {
  const double size = std::round(std::abs(value));
  return size >= 1000 && size < 1e6 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

/** A map's values by cell, row after row; NaN where no run has one. */
struct Map {
  std::size_t x = 0;  // keys
  std::size_t y = 0;
  Levels across;
  Levels up;
  std::vector<double> medians{};

  bool is_numbered() const { return std::max(across.size(), up.size()) <= kMostNumbered; }
};

std::size_t most_levels(const Sweep& sweep) {
  return sweep.spec().method == Method::grid ? kMostLevels : Levels::kMost;
}

Map map_of(const Sweep& sweep, std::size_t metric, std::size_t x, std::size_t y) {
  Map map{x, y, Levels(sweep, x, most_levels(sweep)), Levels(sweep, y, most_levels(sweep))};
  std::vector<std::vector<double>> cells(map.across.size() * map.up.size());
  for (const SweepPoint& point : sweep.points()) {
    std::vector<double>& cell =
        cells[map.up.index(point.setting[y]) * map.across.size() + map.across.index(point.setting[x])];
    const std::vector<double> values = sweep.values(point, metric);
    cell.insert(cell.end(), values.begin(), values.end());
  }
  for (const std::vector<double>& cell : cells) {
    map.medians.push_back(cell.empty() ? std::nan("") : spread_of(cell).median);
  }
  return map;
}

/** Maps of @metric over each two keys. */
std::vector<Map> maps_of(const Sweep& sweep, std::size_t metric) {
  std::vector<Map> maps;
  for (std::size_t x = 0; x < sweep.spec().axes.size(); ++x) {
    for (std::size_t y = x + 1; y < sweep.spec().axes.size(); ++y) {
      maps.push_back(map_of(sweep, metric, x, y));
    }
  }
  return maps;
}

/** Maps of one metric. */
struct MetricMaps {
  std::string name;
  std::vector<Map> maps;
};

/** All that @maps show. */
std::vector<double> values_of(const std::vector<Map>& maps) {
  std::vector<double> values;
  for (const Map& map : maps) {
    std::ranges::copy_if(map.medians, std::back_inserter(values), [](double value) { return std::isfinite(value); });
  }
  return values;
}

/** Letters that the longest number of @maps takes. */
std::size_t longest_number(const std::vector<Map>& maps) {
  std::size_t longest = 0;
  for (const double median : values_of(maps)) {
    longest = std::max(longest, cell_text(median).size());
  }
  return longest;
}

/** Layouts of the maps of a metric; those of the others are the same, so their cells fit the longest number of all. */
std::vector<MapLayout> layouts_of(const Sweep& sweep, const std::vector<MetricMaps>& metrics) {
  std::size_t digits = 0;
  for (const MetricMaps& metric : metrics) {
    digits = std::max(digits, longest_number(metric.maps));
  }
  std::vector<MapLayout> layouts;
  for (const Map& map : metrics.front().maps) {
    layouts.push_back(lay_out_map({.columns = map.across.size(),
                                   .rows = map.up.size(),
                                   .digits = map.is_numbered() ? digits : 0,
                                   .letters_below = map.across.letters(kMostLetters),
                                   .letters_left = map.up.letters(kMostLetters),
                                   .name_below = sweep.spec().axes[map.x].key.size(),
                                   .name_left = sweep.spec().axes[map.y].key.size()}));
  }
  return layouts;
}

/** The whole picture in pixels. */
struct Picture {
  double width = 0;
  double height = 0;

  /** gnuplot's name of a place @x from the left and @y from the top. */
  std::string screen(double x, double y) const {
    return fmt::format("screen {:.5f},{:.5f}", x / width, 1 - y / height);
  }
};

/** gnuplot commands that put a map, names of its keys and its scale of colours with the upper left corner there. */
std::string place(const Picture& picture, const MapLayout& map, const std::string& x, const std::string& y, double left,
                  double top) {
  const double from = left + map.left, to = from + map.plot_width;
  const double high = top + map.above, low = high + map.plot_height;
  return fmt::format("set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\nset tmargin at screen {:.5f}\n"
                     "set bmargin at screen {:.5f}\n",
                     from / picture.width, to / picture.width, 1 - high / picture.height, 1 - low / picture.height) +
         // Not as xlabel and ylabel: those keep clear of tics as if they were of the default font, out of the picture.
         fmt::format("set label 1 {} at {} center font \",9\"\n"
                     "set label 2 {} at {} center rotate by 90 font \",9\"\n",
                     gnuplot_string(x), picture.screen((from + to) / 2, low + map.below - kMapAxisName / 2),
                     gnuplot_string(y), picture.screen(left + kMapAxisName / 2, (high + low) / 2)) +
         fmt::format("set colorbox user origin {} size {:.5f},{:.5f}\n", picture.screen(to + 12, low),
                     10 / picture.width, map.plot_height / picture.height);
}

std::string cells(const Map& map, const std::string& name) {
  std::string text = fmt::format("${} << EOD\n", name);
  for (std::size_t i = 0; i < map.medians.size(); ++i) {
    if (std::isfinite(map.medians[i])) {
      text += fmt::format("{},{},{},{}\n", i % map.across.size(), i / map.across.size(), map.medians[i],
                          cell_text(map.medians[i]));
    }
  }
  return text + "EOD\n";
}

std::string panel(const Map& map, int angle, const std::string& block) {
  const std::string numbers =
      map.is_numbered() ? fmt::format(", ${} using 1:2:4 with labels font \",9\" notitle", block) : "";
  return map.across.tics("x", {.most_letters = kMostLetters, .angle = angle}) +
         map.up.tics("y", {.most_letters = kMostLetters}) +
         fmt::format("plot ${} using 1:2:(0.5):(0.5):3 with boxxyerror fs solid noborder fc palette notitle{}\n", block,
                     numbers);
}

/** Data blocks and panels of all maps. */
struct Drawing {
  std::string blocks;
  std::string panels;
};

Drawing draw(const Sweep& sweep, const std::vector<MetricMaps>& metrics, const std::vector<MapLayout>& layouts,
             const MapSheet& sheet, const Picture& picture) {
  const auto& axes = sweep.spec().axes;
  Drawing drawing;
  double top = kHeading;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    drawing.panels += fmt::format("set title {}\n", gnuplot_string(metrics[m].name)) +
                      range_of(values_of(metrics[m].maps)).gnuplot("cb");
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      const Map& map = metrics[m].maps[i];
      const std::string block = fmt::format("h{}_{}", m, i);
      const double left = sheet.slot_width * static_cast<double>(i % sheet.columns);
      top += i > 0 && i % sheet.columns == 0 ? sheet.slot_height : 0;
      drawing.blocks += cells(map, block);
      drawing.panels += place(picture, layouts[i], axes[map.x].key, axes[map.y].key, left, top) +
                        panel(map, layouts[i].angle, block);
    }
    top += sheet.slot_height;
  }
  return drawing;
}

}  // namespace

std::string heat_map_script(const Sweep& sweep, const std::vector<std::size_t>& metrics) {
  const std::string title = sweep.spec().name + ": medians; grey: no run has a value";
  std::vector<MetricMaps> all;
  for (const std::size_t metric : metrics) {
    all.push_back({sweep.spec().metrics[metric].name, maps_of(sweep, metric)});
  }
  const std::vector<MapLayout> layouts = layouts_of(sweep, all);
  const MapSheet sheet = sheet_of(layouts, all.size());
  const Picture picture{std::max(heading_width(title), sheet.slot_width * static_cast<double>(sheet.columns)),
                        kHeading + sheet.slot_height * static_cast<double>(sheet.rows)};
  const Drawing drawing = draw(sweep, all, layouts, sheet, picture);
  return drawing.blocks +
         script_head(kHeatMapName, static_cast<unsigned>(picture.width), static_cast<unsigned>(picture.height)) +
         fmt::format("unset datafile columnheaders\nset multiplot title {} font \",14\"\n", gnuplot_string(title)) +
         "set palette defined (0 \"#FFFFFF\", 1 \"#56B4E9\")\nunset grid\nunset key\nset tics font \",9\"\n"
         "set format cb \"%.4g\"\nset object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb \"#DDDDDD\" "
         "fs solid noborder\n" +
         drawing.panels + "unset multiplot\n";
}

}  // namespace gbsim
