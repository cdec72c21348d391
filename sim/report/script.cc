// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "sim/report/grid.h"
#include "sim/report/script_text.h"

namespace gbsim {
namespace {

/** Curves are told apart by colour, and in black and white by dashes and a few symbols on each. */
constexpr std::array kRunColours{colour::kBlue,   colour::kVermillion, colour::kGreen, colour::kOrange,
                                 colour::kPurple, colour::kSky,        colour::kBlack, colour::kYellow};

constexpr std::array kSymbols{7, 4, 9, 6, 5, 8, 11, 10};
constexpr std::size_t kDashes = 5;
constexpr std::size_t kSymbolsOnCurve = 10;

/** Style of the curve numbered @at of its axes, with a symbol every @interval values. */
std::string curve_style(std::size_t at, std::size_t interval) {
  return fmt::format("linespoints lw 2 dt {} pt {} ps 0.9 pi {}", 1 + at % kDashes, kSymbols[at % kSymbols.size()],
                     interval);
}

/** One pair of axes as it is drawn: a list of plot elements and what stands around them. */
struct Axes {
  std::string title;
  const Panel* panel;
  std::vector<std::string> elements;
  std::vector<std::string> labels;
};

/** One entry of a key that stands apart from the curves. */
struct KeyEntry {
  std::string element;
  std::string label;
};

std::size_t label_length(const KeyEntry& entry) {
  return entry.label.size();
}

constexpr std::string_view kFunctions =
    R"(rate(v, t) = (dv = v - pv, dt = t - pt, pv = v, pt = t, dt > 0 ? dv / dt : NaN)
pv = 0
pt = 0
share(part, rest) = part + rest > 0 ? 100 * part / (part + rest) : NaN
above(whole, part) = whole > part ? whole - part : 0
all(ns) = stringcolumn("class") eq "all" && ns > 0 ? ns / 1000.0 : NaN
)";

/** Draws one figure of some runs. */
class FigureScript {
 public:
  FigureScript(const Figure& figure, const std::vector<RunFiles>& runs, const std::filesystem::path& out)
      : figure_(figure), runs_(runs), out_(out), axis_(time_axis(runs)) {
    for (const RunFiles& run : runs) {
      end_ = std::max(end_, run.seconds() / axis_.seconds);
    }
  }

  std::string text() const;

 private:
  bool compares() const { return runs_.size() > 1; }
  bool shows_one_scenario() const;

  std::string x(const Panel& panel) const;
  std::string y(const Series& series) const;
  std::string y_range(const Panel& panel) const;
  std::string sum_up_to(const Panel& panel, std::size_t top) const;
  std::string stack_tops() const;
  std::string curve(const Panel& panel, const Series& series, const RunFiles& run) const;
  std::string area(const Panel& panel, std::size_t top, const RunFiles& run) const;
  Axes shared_axes(const Panel& panel, const RunFiles& run, std::string title) const;
  Axes compared_axes(const Panel& panel, const Series& series) const;
  std::vector<Axes> compared_axes(const Panel& panel) const;
  std::vector<Axes> axes() const;
  std::vector<KeyEntry> shared_key() const;
  std::string draw_key(const Grid& grid, const std::vector<KeyEntry>& entries) const;
  std::string head(const Grid& grid) const;
  std::string text_of_one(const std::vector<Axes>& all) const;
  std::string text_of_several(const std::vector<Axes>& all) const;
  std::string draw(const Axes& axes, const Cell& cell, const std::string& key, bool has_x_labels) const;

  const Figure& figure_;
  const std::vector<RunFiles>& runs_;
  const std::filesystem::path& out_;
  TimeAxis axis_;
  double end_ = 0;  // of the longest run
};

std::string FigureScript::x(const Panel& panel) const {
  return panel.style == PanelStyle::by_order ? "(column(\"order\"))"
                                             : fmt::format("(column(\"time_s\")/{:g})", axis_.seconds);
}

std::string FigureScript::y(const Series& series) const {
  return series.per_second ? fmt::format("(rate({}, column(\"time_s\")))", series.y) : fmt::format("({})", series.y);
}

/** Name of the variable that holds how far up the highest of the compared stacks of a panel goes. */
std::string top_variable(const Figure& figure, const Panel& panel) {
  return fmt::format("top{}", &panel - figure.panels.data());
}

std::string FigureScript::y_range(const Panel& panel) const {
  if (!panel.yrange.empty()) {
    return panel.yrange;
  }
  if (shows_one_scenario() && panel.style == PanelStyle::stacked) {
    return fmt::format("[0:{}<*]", top_variable(figure_, panel));
  }
  return panel.top > 0 ? fmt::format("[0:{:g}<*]", panel.top) : "[0:*]";
}

/** Several runs of one scenario; those of others may have a hundred times the memory. */
bool FigureScript::shows_one_scenario() const {
  const auto is_same = [&](const RunFiles& run) { return run.scenario == runs_.front().scenario; };
  return compares() && std::ranges::all_of(runs_, is_same);
}

/** Stacks of several runs stand side by side: only on one scale can they be compared. */
std::string FigureScript::stack_tops() const {
  std::string text;
  for (const Panel& panel : figure_.panels) {
    if (!shows_one_scenario() || panel.style != PanelStyle::stacked) {
      continue;
    }
    const std::string top = top_variable(figure_, panel);
    text += fmt::format("{} = {:g}\n", top, panel.top);
    for (const RunFiles& run : runs_) {
      text += fmt::format("stats {0} using ({1}) nooutput\n{2} = STATS_max > {2} ? STATS_max : {2}\n",
                          data_path(run, panel.series.back().file, out_), sum_up_to(panel, panel.series.size() - 1),
                          top);
    }
  }
  return text;
}

std::string FigureScript::curve(const Panel& panel, const Series& series, const RunFiles& run) const {
  const auto at = static_cast<std::size_t>(compares() ? &run - runs_.data() : &series - panel.series.data());
  const std::string_view colour = compares() ? kRunColours[at % kRunColours.size()] : series.colour;
  const std::string label = compares() ? short_label(run, runs_) : series.label;
  const std::size_t rows = panel.style == PanelStyle::by_order ? 0 : run.timeseries.rows;
  return fmt::format("{}{} using {}:{} with {} lc rgb \"{}\" title {}", series.per_second ? "pt = 1e30, " : "",
                     data_path(run, series.file, out_), x(panel), y(series),
                     curve_style(at, std::max<std::size_t>(1, rows / kSymbolsOnCurve)), colour, gnuplot_string(label));
}

std::string FigureScript::sum_up_to(const Panel& panel, std::size_t top) const {
  std::string sum;
  for (std::size_t i = 0; i <= top; ++i) {
    sum += (i > 0 ? "+" : "") + panel.series[i].y;
  }
  return sum;
}

/** The area under the sum of all series up to @top; areas further down are drawn over it. */
std::string FigureScript::area(const Panel& panel, std::size_t top, const RunFiles& run) const {
  return fmt::format("{} using {}:({}) with filledcurves y1=0 lc rgb \"{}\" title {}",
                     data_path(run, panel.series[top].file, out_), x(panel), sum_up_to(panel, top),
                     panel.series[top].colour, gnuplot_string(panel.series[top].label));
}

Axes FigureScript::shared_axes(const Panel& panel, const RunFiles& run, std::string title) const {
  Axes result{std::move(title), &panel, {}, {}};
  for (std::size_t i = panel.series.size(); i-- > 0;) {
    const std::size_t at = panel.style == PanelStyle::stacked ? i : panel.series.size() - 1 - i;
    if (panel.series[at].shown == ShownIn::comparison) {
      continue;
    }
    result.elements.push_back(panel.style == PanelStyle::stacked ? area(panel, at, run)
                                                                 : curve(panel, panel.series[at], run));
    result.labels.push_back(panel.series[at].label);
  }
  return result;
}

Axes FigureScript::compared_axes(const Panel& panel, const Series& series) const {
  Axes result{series.label, &panel, {}, {}};
  for (const RunFiles& run : runs_) {
    result.elements.push_back(curve(panel, series, run));
    result.labels.push_back(short_label(run, runs_));
  }
  return result;
}

/** A panel of several runs: one pair of axes a series, or one a run where series are stacked. */
std::vector<Axes> FigureScript::compared_axes(const Panel& panel) const {
  std::vector<Axes> result;
  if (panel.style == PanelStyle::stacked) {
    for (const RunFiles& run : runs_) {
      result.push_back(shared_axes(panel, run, short_label(run, runs_)));
    }
    return result;
  }
  for (const Series& series : panel.series) {
    if (series.shown != ShownIn::single) {
      result.push_back(compared_axes(panel, series));
    }
  }
  return result;
}

std::vector<Axes> FigureScript::axes() const {
  std::vector<Axes> result;
  for (const Panel& panel : figure_.panels) {
    const std::vector<Axes> of_panel =
        compares() ? compared_axes(panel) : std::vector{shared_axes(panel, runs_.front(), "")};
    result.insert(result.end(), of_panel.begin(), of_panel.end());
  }
  return result;
}

std::vector<KeyEntry> FigureScript::shared_key() const {
  std::vector<KeyEntry> result;
  const auto stacked = std::ranges::find(figure_.panels, PanelStyle::stacked, &Panel::style);
  for (std::size_t i = stacked == figure_.panels.end() ? 0 : stacked->series.size(); i-- > 0;) {
    const Series& layer = stacked->series[i];
    result.push_back({fmt::format("NaN with boxes lc rgb \"{}\"", layer.colour), layer.label});
  }
  const auto is_curve = [](const Panel& panel) { return panel.style != PanelStyle::stacked; };
  for (std::size_t at = 0; std::ranges::any_of(figure_.panels, is_curve) && at < runs_.size(); ++at) {
    const std::string_view colour = kRunColours[at % kRunColours.size()];
    result.push_back({fmt::format("NaN with {} lc rgb \"{}\"", curve_style(at, 1), colour),
                      short_label(runs_[at], runs_)});
  }
  return result;
}

std::string FigureScript::draw_key(const Grid& grid, const std::vector<KeyEntry>& entries) const {
  std::string text = grid.key_axes() + "plot ";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text +=
        fmt::format("{}{} title {}", i > 0 ? ", \\\n     " : "", entries[i].element, gnuplot_string(entries[i].label));
  }
  return text + "\n" + std::string(kAxesStyle);
}

std::string FigureScript::draw(const Axes& axes, const Cell& cell, const std::string& key, bool has_x_labels) const {
  const Panel& panel = *axes.panel;
  const bool by_order = panel.style == PanelStyle::by_order;
  std::string text = cell.margins();
  text += axes.title.empty() ? "" : cell.title(axes.title);
  text += fmt::format("set ylabel {}\nset yrange {}\n", gnuplot_string(panel.ylabel), y_range(panel));
  text += panel.log_scale ? "set logscale y\nset format y \"10^{%L}\"\n" : "unset logscale y\nset format y \"%.10g\"\n";
  text += by_order ? "set xrange [-0.3:9.3<*]\nset xtics 1\n"
                   : fmt::format("set xrange [0:{:g}]\nset xtics auto\n", end_);
  const std::string xlabel = by_order ? "order" : fmt::format("simulated time ({})", axis_.unit);
  text += has_x_labels ? fmt::format("set xlabel {}\nset format x \"%g\"\n", gnuplot_string(xlabel))
                       : "unset xlabel\nset format x \"\"\n";
  text += key;
  return text + fmt::format("plot {}\n", fmt::join(axes.elements, ", \\\n     "));
}

std::string FigureScript::text_of_one(const std::vector<Axes>& all) const {
  std::size_t longest = 0;
  for (const Axes& each : all) {
    longest = std::max(longest, std::ranges::max(each.labels, {}, &std::string::size).size());
  }
  const Grid grid = Grid::single(all.size(), longest);
  std::string text = head(grid);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool same_key = i > 0 && all[i].labels == all[i - 1].labels;
    const std::string key = same_key ? "unset key\n" : grid.cell(i).key_beside(all[i].labels.size());
    text += draw(all[i], grid.cell(i), key, i + 1 == all.size());
  }
  return text;
}

std::string FigureScript::text_of_several(const std::vector<Axes>& all) const {
  const std::vector<KeyEntry> key = shared_key();
  const Grid grid = Grid::compared(all.size(), key.size(), std::ranges::max(key, {}, label_length).label.size());
  std::string text = head(grid) + draw_key(grid, key);
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += draw(all[i], grid.cell(i), "unset key\n", true);
  }
  return text;
}

std::string FigureScript::head(const Grid& grid) const {
  return script_head(figure_.name, grid.width, grid.height) + std::string(kFunctions) + stack_tops() +
         fmt::format("set multiplot title {} font \",14\"\n", gnuplot_string(figure_.heading + ": " + subject(runs_)));
}

std::string FigureScript::text() const {
  const std::vector<Axes> all = axes();
  return (compares() ? text_of_several(all) : text_of_one(all)) + "unset multiplot\n";
}

}  // namespace

std::string figure_script(const Figure& figure, const std::vector<RunFiles>& runs, const std::filesystem::path& out) {
  return FigureScript(figure, runs, out).text();
}

}  // namespace gbsim
