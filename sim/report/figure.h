// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim {

/** The colours of Okabe and Ito (2008), which colour-blind readers can tell apart. */
namespace colour {
inline constexpr std::string_view kBlack = "#000000";
inline constexpr std::string_view kOrange = "#E69F00";
inline constexpr std::string_view kSky = "#56B4E9";
inline constexpr std::string_view kGreen = "#009E73";
inline constexpr std::string_view kYellow = "#F0E442";
inline constexpr std::string_view kBlue = "#0072B2";
inline constexpr std::string_view kVermillion = "#D55E00";
inline constexpr std::string_view kPurple = "#CC79A7";
inline constexpr std::string_view kGrey = "#BBBBBB";
}  // namespace colour

/** Whether a series is drawn for a single run, in comparisons of several, or in both. */
enum class ShownIn : std::uint8_t { always, single, comparison };

/** One curve: a gnuplot expression over the columns of a CSV file. */
struct Series {
  std::string label;
  std::string y;  // for example column("free_pages")
  std::string_view colour;
  ShownIn shown = ShownIn::always;
  bool per_second = false;  // draw the change between samples over the time between them
  std::string_view file = "timeseries.csv";
};

/** How the series of a panel share it. */
enum class PanelStyle : std::uint8_t { lines, stacked, by_order };

/** One pair of axes. */
struct Panel {
  std::string ylabel;
  std::vector<Series> series;  // stacked: bottom first
  PanelStyle style = PanelStyle::lines;
  bool log_scale = false;
  double top = 0;        // from zero to this at least, lest noise or a lone event fill the panel
  std::string yrange{};  // in place of that
};

/** One picture. */
struct Figure {
  std::string name;     // of its files
  std::string heading;  // what it shows
  std::vector<Panel> panels;
};

}  // namespace gbsim
