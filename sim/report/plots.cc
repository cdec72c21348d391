// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/plots.h"

#include <fmt/format.h>

#include <optional>
#include <system_error>

#include "sim/metrics/output_file.h"
#include "sim/report/figures.h"
#include "sim/report/gnuplot.h"
#include "sim/report/run_files.h"
#include "sim/report/script.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kParallel = 2;

std::vector<RunFiles> read_runs(std::span<const fs::path> dirs, PlotOutcome& outcome) {
  std::vector<RunFiles> runs;
  for (const fs::path& dir : dirs) {
    if (auto run = read_run(dir)) {
      runs.push_back(std::move(*run));
    } else {
      outcome.problems.push_back(
          fmt::format("{}: no timeseries.csv with two samples or more: nothing to plot", dir.string()));
    }
  }
  return runs;
}

/** Writes the script and adds its two pictures to @jobs. The slow map goes first. */
void add_script(const fs::path& out, std::string_view name, const std::string& text, std::vector<GnuplotJob>& jobs) {
  const fs::path script = out / fmt::format("{}.gp", name);
  write_atomically(script, text);
  jobs.push_back({script, "png"});
  jobs.push_back({script, "svg"});
}

/** There is something to draw: a machine that served nothing has no latencies. */
bool has_data(const Figure& figure, const std::vector<RunFiles>& runs) {
  const Panel& panel = figure.panels.front();
  return panel.style != PanelStyle::by_order || std::ranges::any_of(runs, [&](const RunFiles& run) {
    return read_csv_ends(run.dir / panel.series.front().file).rows > 0;
  });
}

std::vector<GnuplotJob> write_scripts(const std::vector<RunFiles>& runs, const fs::path& out) {
  std::vector<GnuplotJob> jobs;
  add_script(out, kMapName, map_script(runs, out), jobs);
  for (const Figure& figure : figures(runs.front())) {
    if (!has_data(figure, runs)) {
      continue;
    }
    add_script(out, figure.name, figure_script(figure, runs, out), jobs);
  }
  return jobs;
}

}  // namespace

void draw_pictures(const std::vector<GnuplotJob>& jobs, PlotOutcome& outcome) {
  const std::optional<fs::path> gnuplot = find_gnuplot();
  if (!gnuplot) {
    outcome.problems.push_back(gnuplot_advice());
    return;
  }
  for (std::string& problem : run_gnuplot(*gnuplot, jobs, kParallel)) {
    outcome.problems.push_back(std::move(problem));
    outcome.failed = true;
  }
  std::error_code error;
  for (const GnuplotJob& job : jobs) {
    if (fs::exists(job.picture(), error)) {
      outcome.pictures.push_back(job.picture());
    }
  }
}

PlotOutcome draw_plots(std::span<const fs::path> dirs, const fs::path& out) {
  PlotOutcome outcome;
  const std::vector<RunFiles> runs = read_runs(dirs, outcome);
  if (runs.empty()) {
    return outcome;
  }
  std::error_code error;
  fs::create_directories(out, error);
  if (error) {
    outcome.problems.push_back(fmt::format("cannot create {}: {}", out.string(), error.message()));
    outcome.failed = true;
    return outcome;
  }
  const std::vector<GnuplotJob> jobs = write_scripts(runs, out);
  draw_pictures(jobs, outcome);
  return outcome;
}

PlotOutcome draw_plots(const fs::path& dir) {
  return draw_plots(std::span(&dir, 1), dir / "plots");
}

}  // namespace gbsim
