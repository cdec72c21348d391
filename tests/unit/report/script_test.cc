// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/script.h"

#include <doctest/doctest.h>

#include "fake_run.h"
#include "sim/report/figure.h"
#include "sim/report/figures.h"
#include "sim/report/script_text.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

namespace {

RunFiles fake_files(const TempDir& dir, const test::FakeRun& run) {
  test::write_fake_run(run, dir.path() / run.placement);
  return *read_run(dir.path() / run.placement);
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

const Figure kFigure{
    "free", "Free pages", {{.ylabel = "pages", .series = {{"all", "column(\"free_pages\")", colour::kBlue}}}}};

}  // namespace

TEST_CASE("a script names its data relative to where it stands") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  CHECK(data_path(run, "timeseries.csv", run.dir / "plots") == "'../timeseries.csv'");
  CHECK(data_path(run, "timeseries.csv", dir.path() / "overlay") == "'../linux/timeseries.csv'");
}

TEST_CASE("titles name scenario, placement and seed, axes have units") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  const std::string script = figure_script(kFigure, {run}, run.dir / "plots");
  CHECK(script.find("\"Free pages: mixed-server, linux, seed 1\"") != std::string::npos);
  CHECK(script.find("set ylabel \"pages\"") != std::string::npos);
  CHECK(script.find("set xlabel \"simulated time (s)\"") != std::string::npos);
}

TEST_CASE("long runs have time in minutes or hours") {
  RunFiles run;
  run.timeseries.columns = {"time_s"};
  run.timeseries.last = {"7200"};
  CHECK(time_axis({run}).unit == "minutes");
  run.timeseries.last = {"86400"};
  CHECK(time_axis({run}).unit == "hours");
}

TEST_CASE("text cannot break out of a gnuplot string or turn into markup") {
  CHECK(gnuplot_string("a_b \"c\"\n") == "\"a\\\\_b \\\"c\\\" \"");
}

TEST_CASE("several runs share one key and have a curve each") {
  const TempDir dir;
  const std::vector<RunFiles> runs{fake_files(dir, {}), fake_files(dir, {.placement = "confined"})};
  const std::string script = figure_script(kFigure, runs, dir.path() / "out");
  CHECK(count(script, "column(\"free_pages\")") == 2);
  CHECK(count(script, "NaN with linespoints") == 2);
  CHECK(count(script, "dt 1 pt 7") == 2);
  CHECK(count(script, "dt 2 pt 4") == 2);
  CHECK(script.find("'../confined/timeseries.csv'") != std::string::npos);
}

TEST_CASE("stacks of several runs stand on one scale, that of the highest") {
  const TempDir dir;
  std::vector<RunFiles> runs{fake_files(dir, {}), fake_files(dir, {.placement = "confined"})};
  const Panel panel{.ylabel = "pages",
                    .series = {{"free", "column(\"free_pages\")", colour::kBlue},
                               {"other", "column(\"pcp_pages\")", colour::kGreen}},
                    .style = PanelStyle::stacked,
                    .top = 5};
  const Figure figure{"memory", "Memory", {panel}};
  const std::string compared = figure_script(figure, runs, dir.path() / "out");
  CHECK(compared.find("top0 = 5\n") != std::string::npos);
  CHECK(count(compared, "using (column(\"free_pages\")+column(\"pcp_pages\")) nooutput") == 2);
  CHECK(count(compared, "set yrange [0:top0<*]") == 2);
  CHECK(count(figure_script(figure, {runs[0]}, dir.path() / "out"), "set yrange [0:5<*]") == 1);
  runs[1].scenario = "of-a-larger-machine";
  CHECK(count(figure_script(figure, runs, dir.path() / "out"), "set yrange [0:5<*]") == 2);
}

TEST_CASE("tics stay on the left and below, also after the key of a comparison") {
  const TempDir dir;
  const std::vector<RunFiles> runs{fake_files(dir, {}), fake_files(dir, {.placement = "confined"})};
  const std::string script = figure_script(kFigure, runs, dir.path() / "out");
  const std::size_t key = script.find("unset tics");
  REQUIRE(key != std::string::npos);
  CHECK(script.find("set xtics nomirror", key) != std::string::npos);
  CHECK(script.find("set ytics nomirror", key) != std::string::npos);
}

TEST_CASE("no axis of a run is left to what a flat line makes of it") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  for (const Figure& figure : figures(run)) {
    CAPTURE(figure.name);
    const std::string script = figure_script(figure, {run}, run.dir / "plots");
    const std::string_view axis = figure.name == "latency" ? "set yrange [*:*]" : "set yrange [0:";
    CHECK(count(script, axis) == figure.panels.size());
    CHECK(count(script, "set xrange [-0.3:9.3<*]") == (figure.name == "latency" ? 1 : 0));
  }
}

TEST_CASE("the map has a line of pixels for each gigablock") {
  const TempDir dir;
  const auto height = [&](unsigned gigablocks) {
    const RunFiles run = fake_files(dir, {.gigablocks = gigablocks, .samples = 2});
    const std::string script = map_script({run}, dir.path() / "out");
    const std::size_t at = script.find("pngcairo size 1200,");
    return std::stoul(script.substr(at + 19));
  };
  CHECK(height(16) == 700);
  CHECK(height(1008) > 1008 + 100);
  CHECK(height(1008) < 1008 + 300);
}

TEST_CASE("the map has a panel for each run") {
  const TempDir dir;
  const std::vector<RunFiles> runs{fake_files(dir, {}), fake_files(dir, {.placement = "confined"})};
  CHECK(count(map_script(runs, dir.path() / "out"), "with rgbimage") == 2);
}

TEST_CASE("a map of one gigablock is boxes, as gnuplot draws no image of one row") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  const auto write_map = [&](unsigned gigablocks) {
    std::ofstream map(run.dir / "gigablocks.csv");
    map << "time_s,gigablock\n";
    for (unsigned row = 0; row < gigablocks; ++row) {
      map << "10," << row << '\n';
    }
  };
  write_map(1);
  CHECK(count(map_script({run}, dir.path() / "out"), "with boxxyerror") == 1);
  write_map(2);
  CHECK(count(map_script({run}, dir.path() / "out"), "with rgbimage") == 1);
}

TEST_CASE("orders that never fail have no failure curve") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  std::string columns;
  for (const Figure& figure : figures(run)) {
    for (const Series& series : figure.name == "failures" ? figure.panels[0].series : std::vector<Series>{}) {
      columns += series.y;
    }
  }
  CHECK(columns.find("failures_o9") != std::string::npos);
  CHECK(columns.find("failures_o0") == std::string::npos);
}

TEST_CASE("orders that fail have colours far from each other") {
  const TempDir dir;
  RunFiles run = fake_files(dir, {});
  for (std::size_t i = 0; i < run.timeseries.columns.size(); ++i) {
    if (run.timeseries.columns[i].starts_with("failures_o")) {
      run.timeseries.last[i] = run.timeseries.columns[i] <= "failures_o1" ? "1" : "0";
    }
  }
  for (const Figure& figure : figures(run)) {
    if (figure.name == "failures") {
      const std::vector<Series>& series = figure.panels[0].series;
      REQUIRE(series.size() == 3);
      CHECK(series[1].colour == "#440154");
      CHECK(series[2].colour == "#4AC16D");
    }
  }
}

TEST_CASE("failures of all orders have no line of their own beside those of the only order that fails") {
  const TempDir dir;
  RunFiles run = fake_files(dir, {});
  const auto all_orders = [&] {
    for (const Figure& figure : figures(run)) {
      if (figure.name == "failures") {
        return figure.panels[0].series.front().shown;
      }
    }
    return ShownIn::single;
  };
  CHECK(all_orders() == ShownIn::always);
  for (std::size_t i = 0; i < run.timeseries.columns.size(); ++i) {
    if (run.timeseries.columns[i].starts_with("failures_o") && run.timeseries.columns[i] != "failures_o9") {
      run.timeseries.last[i] = "0";
    }
  }
  CHECK(all_orders() == ShownIn::comparison);
}

TEST_CASE("free blocks are drawn as memory, every order in one group of the stack") {
  const TempDir dir;
  const std::vector<Figure> all = figures(fake_files(dir, {}));
  REQUIRE(all.front().name == "free_blocks");
  const Panel& memory = all.front().panels.front();
  CHECK(memory.style == PanelStyle::stacked);
  CHECK(memory.series.size() == 5);
  std::string drawn;
  for (const Series& series : memory.series) {
    drawn += series.y;
  }
  for (unsigned order = 0; order <= 10; ++order) {
    CAPTURE(order);
    CHECK(count(drawn, "column(\"free_blocks_o" + std::to_string(order) + "\")*2**" + std::to_string(order)) == 1);
  }
}

TEST_CASE("every class of CPU time is drawn, once") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  std::string drawn;
  for (const Figure& figure : figures(run)) {
    drawn += figure.name == "daemon_cpu" ? figure_script(figure, {run}, run.dir / "plots") : "";
  }
  for (const std::string& name : run.timeseries.columns) {
    CAPTURE(name);
    CHECK((!name.starts_with("cpu_") || count(drawn, "column(\"" + name + "\")") == 1));
  }
}

TEST_CASE("every column a figure draws exists in its file") {
  const TempDir dir;
  const RunFiles run = fake_files(dir, {});
  const CsvEnds latency = read_csv_ends(run.dir / "latency.csv");
  for (const Figure& figure : figures(run)) {
    for (const Panel& panel : figure.panels) {
      for (const Series& series : panel.series) {
        CAPTURE(series.y);
        const std::size_t from = series.y.find("column(\"") + 8;
        const std::string column = series.y.substr(from, series.y.find('"', from) - from);
        const CsvEnds& file = series.file == "latency.csv"  ? latency
                              : series.file == "vmstat.csv" ? run.vmstat
                                                            : run.timeseries;
        CHECK(file.has(column));
      }
    }
  }
}
