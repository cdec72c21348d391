// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "sim/report/map_rows.h"
#include "sim/report/script.h"
#include "sim/report/script_text.h"

namespace gbsim {
namespace {

/**
 * Clean gigablocks fade from white to blue as they fill. Tainted ones start at yellow and go to vermillion or green
 * with the square root of their unmovable and reclaimable share, so that a few pages show. Boot-time memory and holes
 * within a gigablock are unmovable.
 */
constexpr std::string_view kColours = R"(mix(a, b, t) = a + (b - a) * t
shade(free, movable, few, unmovable, reclaimable) = \
  u + r > 0 ? mix(few, mix(unmovable, reclaimable, r / (u + r)), sqrt((u + r) / (f + m + u + r))) : \
  mix(free, movable, m / (f + m))
held(x) = (f = column("free_pages"), m = column("movable_pages"), \
  u = column("unmovable_pages"), r = column("reclaimable_pages"), 0)
red(x)   = (held(x), shade(255,   0, 240, 213,   0))
green(x) = shade(255, 114, 228,  94, 158)
blue(x)  = shade(255, 178,  66,   0, 115)
)";

struct KeyEntry {
  std::string_view label;
  std::string_view colour;
};

constexpr std::array kKey{
    KeyEntry{"free", "#FFFFFF"},
    KeyEntry{"movable, half full", "#80B9D9"},
    KeyEntry{"movable, full", "#0072B2"},
    KeyEntry{"tainted, few pages", "#EBCB35"},
    KeyEntry{"much unmovable", "#D96F0B"},
    KeyEntry{"much reclaimable", "#1FA36D"},
    KeyEntry{"both", "#8AA04A"},
};

/** Rows and columns of panels, one for each run. */
struct MapLayout {
  std::size_t rows;
  std::size_t columns;
  std::size_t panel_height;  // pixels

  /** Each of the @gigablocks of a run has a line of pixels, or gnuplot would leave some out; to two screens' height. */
  MapLayout(std::size_t runs, std::size_t gigablocks)
      : rows((runs + 1) / 2),
        columns(runs > 1 ? 2 : 1),
        panel_height(std::min(std::clamp<std::size_t>(gigablocks, 360, 2160), room_for_each(rows))) {}

  static constexpr std::size_t kAround = 110;  // a panel
  static constexpr std::size_t kHeadAndKey = 75;

  /** Cairo draws no picture of 32,768 pixels or more. */
  static std::size_t room_for_each(std::size_t rows) {
    constexpr std::size_t kMost = 32'000, kLeast = 20;
    const std::size_t whole = (kMost - kHeadAndKey) / rows;
    return std::max(whole, kAround + kLeast) - kAround;
  }

  unsigned height() const {
    return static_cast<unsigned>(std::max<std::size_t>(700, rows * (panel_height + kAround) + kHeadAndKey));
  }

  /** Share of the picture's height that @pixels are. */
  double share(double pixels) const { return pixels / height(); }
};

std::string layout(const MapLayout& map, const std::vector<RunFiles>& runs) {
  return fmt::format(
      "set multiplot layout {},{} title {} font \",14\" margins 0.085,0.975,{:.4f},{:.4f} spacing 0.085,{:.4f}\n",
      map.rows, map.columns, gnuplot_string("What each gigablock holds: " + subject(runs)), map.share(115),
      1 - map.share(runs.size() > 1 ? 70 : 50), map.share(110));
}

/** Axes without anything but the key, across the foot of the picture. */
std::string key(const MapLayout& map) {
  std::string text = fmt::format(
      "set lmargin at screen 0.05\nset rmargin at screen 0.98\nset bmargin at screen {0:.4f}\n"
      "set tmargin at screen {1:.4f}\n"
      "set key at screen 0.53,{1:.4f} center top horizontal maxrows 2 samplen 1.5 Left reverse\n"
      "unset border\nunset arrow\nunset tics\nunset xlabel\nunset ylabel\nunset title\n"
      "set xrange [0:1]\nset yrange [0:1]\nplot ",
      map.share(7), map.share(52));
  for (const KeyEntry& entry : kKey) {
    text += fmt::format("{}NaN with boxes fs solid 1.0 border lc rgb \"#606060\" fc rgb \"{}\" title {}",
                        &entry == kKey.begin() ? "" : ", \\\n     ", entry.colour, gnuplot_string(entry.label));
  }
  return text + "\n";
}

std::string hole_line(std::size_t row) {
  return fmt::format(
      "set arrow from graph 0, first {0:g} to graph 1, first {0:g} nohead front lw 2 dt 2 lc rgb \"#606060\"\n",
      static_cast<double>(row) - 0.5);
}

std::string image(const TimeAxis& axis) {
  return fmt::format(
      "using (column(\"time_s\")/{:g}):(row(column(\"gigablock\"))):(red(0)):(green(0)):(blue(0)) "
      "with rgbimage notitle",
      axis.seconds);
}

/** Of one gigablock: gnuplot draws no image of one row. */
std::string boxes(const RunFiles& run, const TimeAxis& axis) {
  const double steps = std::max(1.0, static_cast<double>(run.timeseries.rows) - 1);
  const double half = run.seconds() / axis.seconds / steps / 2;
  return fmt::format(
      "using (t = column(\"time_s\")/{0:g}):(0):(t - {1:g}):(t + {1:g}):(-0.5):(0.5):"
      "(int(red(0))*65536 + int(green(0))*256 + int(blue(0))) "
      "with boxxyerror fs solid 1.0 noborder lc rgb variable notitle",
      axis.seconds, half);
}

std::string panel(const RunFiles& run, const MapRows& rows, const TimeAxis& axis, const std::filesystem::path& out) {
  std::string text = "unset arrow\n" + rows.row_function() + rows.tics();
  for (const std::size_t row : rows.holes()) {
    text += hole_line(row);
  }
  text += fmt::format("set ylabel \"gigablock ({} each{})\"\n", run.gigablock_size,
                      rows.holes().empty() ? "" : "; dashed: hole");
  text += fmt::format("set xrange [0:{:g}]\nset yrange [{:g}:-0.5]\n", run.seconds() / axis.seconds,
                      static_cast<double>(rows.count()) - 0.5);
  return text + fmt::format("plot {} {}\n", data_path(run, "gigablocks.csv", out),
                            rows.count() > 1 ? image(axis) : boxes(run, axis));
}

}  // namespace

std::string map_script(const std::vector<RunFiles>& runs, const std::filesystem::path& out) {
  const TimeAxis axis = time_axis(runs);
  std::vector<MapRows> rows;
  std::ranges::transform(runs, std::back_inserter(rows),
                         [](const RunFiles& run) { return read_map_rows(run.dir / "gigablocks.csv"); });
  const MapLayout map(runs.size(), std::ranges::max(rows, {}, &MapRows::count).count());
  std::string text = script_head(kMapName, 1200, map.height());
  text += kColours;
  text += layout(map, runs);
  text += fmt::format(
      "unset grid\nset border 15\nset tics front\nset xlabel {}\nunset key\n",
      gnuplot_string(fmt::format("simulated time ({})", axis.unit)));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    text += runs.size() > 1 ? fmt::format("set title {}\n", gnuplot_string(short_label(runs[i], runs))) : "";
    text += panel(runs[i], rows[i], axis, out);
  }
  text += key(map);
  return text + "unset multiplot\n";
}

}  // namespace gbsim
