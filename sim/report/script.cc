// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "sim/report/script_text.h"

namespace gbsim {
namespace {

constexpr unsigned kWidth = 1200;
constexpr unsigned kHeight = 700;

/** Runs are told apart by colour, and after eight by dashes. */
constexpr std::array kRunColours{colour::kBlue,   colour::kVermillion, colour::kGreen, colour::kOrange,
                                 colour::kPurple, colour::kSky,        colour::kBlack, colour::kYellow};

/** One pair of axes as it is drawn: a list of plot elements and what stands around them. */
struct Axes {
  std::string title;
  const Panel* panel;
  std::vector<std::string> elements;
};

/** Draws one figure of some runs. */
class FigureScript {
 public:
  FigureScript(const Figure& figure, const std::vector<RunFiles>& runs, const std::filesystem::path& out)
      : figure_(figure), runs_(runs), out_(out), axis_(time_axis(runs)) {}

  std::string text() const;

 private:
  bool compares() const { return runs_.size() > 1; }

  std::string x(const Panel& panel) const;
  std::string y(const Series& series) const;
  std::string curve(const Panel& panel, const Series& series, const RunFiles& run) const;
  std::string area(const Panel& panel, std::size_t top, const RunFiles& run) const;
  Axes shared_axes(const Panel& panel, const RunFiles& run, std::string title) const;
  Axes compared_axes(const Panel& panel, const Series& series) const;
  std::vector<Axes> axes() const;
  std::string layout(std::size_t count) const;
  std::string draw(const Axes& axes, bool first, bool labelled) const;

  const Figure& figure_;
  const std::vector<RunFiles>& runs_;
  const std::filesystem::path& out_;
  TimeAxis axis_;
};

std::string FigureScript::x(const Panel& panel) const {
  return panel.style == PanelStyle::by_order ? "(column(\"order\"))"
                                             : fmt::format("(column(\"time_s\")/{:g})", axis_.seconds);
}

std::string FigureScript::y(const Series& series) const {
  return series.per_second ? fmt::format("(rate({}, column(\"time_s\")))", series.y) : fmt::format("({})", series.y);
}

std::string FigureScript::curve(const Panel& panel, const Series& series, const RunFiles& run) const {
  const auto at = static_cast<std::size_t>(&run - runs_.data());
  const std::string_view colour = compares() ? kRunColours[at % kRunColours.size()] : series.colour;
  const std::string label = compares() ? short_label(run, runs_) : series.label;
  const std::string_view style = panel.style == PanelStyle::by_order ? "linespoints pt 7 ps 0.8" : "lines";
  return fmt::format("{}{} using {}:{} with {} lw 2 dt {} lc rgb \"{}\" title {}",
                     series.per_second ? "pt = 1e30, " : "", data_path(run, series.file, out_), x(panel), y(series),
                     style, 1 + at / kRunColours.size(), colour, gnuplot_string(label));
}

/** The area under the sum of all series up to @top; areas further down are drawn over it. */
std::string FigureScript::area(const Panel& panel, std::size_t top, const RunFiles& run) const {
  std::string sum;
  for (std::size_t i = 0; i <= top; ++i) {
    sum += (i > 0 ? "+" : "") + panel.series[i].y;
  }
  return fmt::format("{} using {}:({}) with filledcurves y1=0 lc rgb \"{}\" title {}",
                     data_path(run, panel.series[top].file, out_), x(panel), sum, panel.series[top].colour,
                     gnuplot_string(panel.series[top].label));
}

Axes FigureScript::shared_axes(const Panel& panel, const RunFiles& run, std::string title) const {
  Axes result{std::move(title), &panel, {}};
  for (std::size_t i = panel.series.size(); i-- > 0;) {
    const std::size_t at = panel.style == PanelStyle::stacked ? i : panel.series.size() - 1 - i;
    if (panel.style == PanelStyle::stacked) {
      result.elements.push_back(area(panel, at, run));
    } else if (panel.series[at].shown != ShownIn::comparison) {
      result.elements.push_back(curve(panel, panel.series[at], run));
    }
  }
  return result;
}

Axes FigureScript::compared_axes(const Panel& panel, const Series& series) const {
  Axes result{series.label, &panel, {}};
  for (const RunFiles& run : runs_) {
    result.elements.push_back(curve(panel, series, run));
  }
  return result;
}

std::vector<Axes> FigureScript::axes() const {
  std::vector<Axes> result;
  for (const Panel& panel : figure_.panels) {
    if (!compares() || panel.style == PanelStyle::stacked) {
      for (const RunFiles& run : runs_) {
        result.push_back(shared_axes(panel, run, compares() ? short_label(run, runs_) : ""));
      }
      continue;
    }
    for (const Series& series : panel.series) {
      if (series.shown != ShownIn::single) {
        result.push_back(compared_axes(panel, series));
      }
    }
  }
  return result;
}

std::string FigureScript::layout(std::size_t count) const {
  const std::size_t columns = compares() && count > 1 ? 2 : 1;
  const std::size_t rows = (count + columns - 1) / columns;
  const std::string title = gnuplot_string(figure_.heading + ": " + subject(runs_));
  const std::string_view margins = compares() ? "0.07,0.98,0.09,0.88" : "0.075,0.825,0.09,0.93";
  return fmt::format("set multiplot layout {},{} title {} font \",14\" margins {} spacing {}\n", rows, columns, title,
                     margins, compares() ? "0.07,0.11" : "0.05,0.045");
}

std::string FigureScript::draw(const Axes& axes, bool first, bool labelled) const {
  const Panel& panel = *axes.panel;
  const bool by_order = panel.style == PanelStyle::by_order;
  std::string text = axes.title.empty() ? "unset title\n" : fmt::format("set title {}\n", gnuplot_string(axes.title));
  text += fmt::format("set ylabel {}\nset yrange {}\n", gnuplot_string(panel.ylabel), panel.yrange);
  text += panel.log_scale ? "set logscale y\nset format y \"10^{%L}\"\n" : "unset logscale y\nset format y \"%.10g\"\n";
  text += by_order ? "set xrange [-0.3:*]\nset xtics 1\n" : "set xrange [0:*]\nset xtics auto\n";
  const std::string xlabel = by_order ? "order" : fmt::format("simulated time ({})", axis_.unit);
  text += labelled ? fmt::format("set xlabel {}\nset format x \"%g\"\n", gnuplot_string(xlabel))
                   : "unset xlabel\nset format x \"\"\n";
  if (compares()) {
    text += first || panel.style == PanelStyle::stacked ? "set key inside top left opaque\n" : "unset key\n";
  } else {
    text += "set key outside right top Left reverse samplen 2 spacing 1.15\n";
  }
  return text + fmt::format("plot {}\n", fmt::join(axes.elements, ", \\\n     "));
}

std::string FigureScript::text() const {
  const std::vector<Axes> all = axes();
  const auto rows = static_cast<unsigned>(compares() ? (all.size() + 1) / 2 : all.size());
  const unsigned height = std::max(kHeight, compares() ? rows * 300 : kHeight);
  std::string text = script_head(figure_.name, kWidth, height);
  text += "rate(v, t) = (dv = v - pv, dt = t - pt, pv = v, pt = t, dt > 0 ? dv / dt : NaN)\npv = 0\npt = 0\n";
  text += "share(part, rest) = part + rest > 0 ? 100 * part / (part + rest) : NaN\n";
  text += "above(whole, part) = whole > part ? whole - part : 0\n";
  text += "all(ns) = stringcolumn(\"class\") eq \"all\" && ns > 0 ? ns / 1000.0 : NaN\n";
  text += layout(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += draw(all[i], i == 0, compares() || i + 1 == all.size());
  }
  return text + "unset multiplot\n";
}

}  // namespace

std::string figure_script(const Figure& figure, const std::vector<RunFiles>& runs, const std::filesystem::path& out) {
  return FigureScript(figure, runs, out).text();
}

}  // namespace gbsim
