// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/report/script.h"
#include "sim/report/script_text.h"

namespace gbsim {
namespace {

/**
 * Clean gigablocks fade from white to blue as they fill. Tainted ones start at yellow and go to vermillion or green
 * with the square root of their unmovable and reclaimable share, so that a few pages show.
 */
constexpr std::string_view kColours = R"(mix(a, b, t) = a + (b - a) * t
shade(s, f, m, u, r, partial, free, movable, few, unmovable, reclaimable) = s eq "partial" ? partial : \
  u + r > 0 ? mix(few, mix(unmovable, reclaimable, r / (u + r)), sqrt((u + r) / (f + m + u + r))) : \
  mix(free, movable, m / (f + m))
red(s, f, m, u, r)   = shade(s, f, m, u, r, 187, 255,   0, 240, 213,   0)
green(s, f, m, u, r) = shade(s, f, m, u, r, 187, 255, 114, 228,  94, 158)
blue(s, f, m, u, r)  = shade(s, f, m, u, r, 187, 255, 178,  66,   0, 115)
)";

struct KeyEntry {
  std::string_view label;
  std::string_view colour;
};

constexpr std::array kKey{
    KeyEntry{"free", "#FFFFFF"},
    KeyEntry{"movable, half full", "#80B9D9"},
    KeyEntry{"movable, full", "#0072B2"},
    KeyEntry{"tainted, few unmovable pages", "#EBCB35"},
    KeyEntry{"much unmovable", "#D96F0B"},
    KeyEntry{"much reclaimable", "#1FA36D"},
    KeyEntry{"boot memory or hole", "#BBBBBB"},
};

std::string image(const RunFiles& run, const TimeAxis& axis, const std::filesystem::path& out) {
  constexpr std::string_view kHeld =
      "stringcolumn(\"state\"), column(\"free_pages\"), column(\"movable_pages\"), column(\"unmovable_pages\"), "
      "column(\"reclaimable_pages\")";
  return fmt::format(
      "{} using (column(\"time_s\")/{:g}):(column(\"gigablock\")): \\\n"
      "     (red({})): \\\n     (green({})): \\\n     (blue({})) with rgbimage notitle",
      data_path(run, "gigablocks.csv", out), axis.seconds, kHeld, kHeld, kHeld);
}

std::string key_entries() {
  std::string text;
  for (const KeyEntry& entry : kKey) {
    text += fmt::format(", \\\n     NaN with boxes fs solid 1.0 border lc rgb \"#606060\" fc rgb \"{}\" title {}",
                        entry.colour, gnuplot_string(entry.label));
  }
  return text;
}

double last_gigablock(const RunFiles& run) {
  return read_csv_ends(run.dir / "gigablocks.csv").last_value("gigablock");
}

}  // namespace

std::string map_script(const std::vector<RunFiles>& runs, const std::filesystem::path& out) {
  const TimeAxis axis = time_axis(runs);
  const std::size_t columns = runs.size() > 1 ? 2 : 1;
  const std::size_t rows = (runs.size() + columns - 1) / columns;
  std::string text = script_head(kMapName, 1200, static_cast<unsigned>(std::max<std::size_t>(700, rows * 400)));
  text += kColours;
  text += fmt::format("set multiplot layout {},{} title {} font \",14\" margins 0.06,0.98,0.15,{} spacing 0.06,0.12\n",
                      rows, columns, gnuplot_string("What each gigablock holds: " + subject(runs)),
                      runs.size() > 1 ? "0.90" : "0.93");
  text +=
      fmt::format("unset grid\nset border 15\nset tics front\nset xlabel {}\nset ylabel \"gigablock (1 GiB each)\"\n",
                  gnuplot_string(fmt::format("simulated time ({})", axis.unit)));
  text += "set key at screen 0.5,0.035 center horizontal samplen 1.5 width -1 maxrows 1\n";
  for (const RunFiles& run : runs) {
    if (runs.size() > 1) {
      text += fmt::format("set title {}\n", gnuplot_string(short_label(run, runs)));
    }
    text += fmt::format("set xrange [0:{:g}]\nset yrange [{:g}:-0.5]\n", run.seconds() / axis.seconds,
                        last_gigablock(run) + 0.5);
    text += "plot " + image(run, axis, out) + (&run == &runs.back() ? key_entries() : "") + "\n";
  }
  return text + "unset multiplot\n";
}

}  // namespace gbsim
