// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/batch_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "sim/report/csv_pack.h"
#include "sim/report/html_page.h"
#include "sim/report/run_files.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kRows = 200;  // samples of each of many runs

/** One run of many: a point and seed, or a placement and seed. */
struct BatchRun {
  std::string group;  // point or placement
  std::string seed;
  fs::path dir;  // relative to the batch's
};

/** Whether pictures of many runs draw @column: totals, not their shares by zone, migratetype or order. */
bool drawn(const std::string& column) {
  static constexpr std::array kLeftOut{"node", "free_unmovable_", "free_movable_", "free_reclaimable_", "attempts_",
                                       "failures_"};
  return std::ranges::none_of(kLeftOut, [&](const char* prefix) { return column.starts_with(prefix); }) &&
         column.find("_from_") == std::string::npos;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> fields;
  for (std::string field; std::getline(stream, field, ',');) {
    fields.push_back(field);
  }
  return fields;
}

std::vector<std::size_t> drawn_places(const std::vector<std::string>& columns) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (drawn(columns[i])) {
      places.push_back(i);
    }
  }
  return places;
}

/** @csv without the columns that are not drawn. Fields hold no quotes: all are numbers. */
std::string drawn_columns(const std::string& csv) {
  std::istringstream stream(csv);
  std::string line, result;
  std::vector<std::size_t> kept;
  while (std::getline(stream, line)) {
    const std::vector<std::string> fields = fields_of(line);
    kept = result.empty() ? drawn_places(fields) : kept;
    for (const std::size_t i : kept) {
      result += (i == kept.front() ? "" : ",") + (i < fields.size() ? fields[i] : "");
    }
    result += '\n';
  }
  return result;
}

/** Adds the time series of @runs, in this order, while they fit into @budget. */
void add_runs(HtmlPage& page, const fs::path& dir, const std::vector<BatchRun>& runs, std::size_t budget) {
  json carried = json::array();
  std::vector<std::string> pieces;
  std::size_t used = 0;
  for (const BatchRun& run : runs) {
    const std::string series = drawn_columns(thin_csv(file_text(dir / run.dir / "timeseries.csv"), kRows));
    std::string piece = packed_text(series);
    if (series.empty() || used + piece.size() > budget) {
      continue;
    }
    used += piece.size();
    carried.push_back({{"group", run.group},
                       {"seed", run.seed},
                       {"dir", run.dir.generic_string()},
                       {"page", fs::exists(dir / run.dir / "report.html")}});
    pieces.push_back(std::move(piece));
  }
  page.add("runs", carried.dump());
  page.add_pieces("run_series", pieces);
}

void add_files(HtmlPage& page, const fs::path& dir, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    page.add(name, file_text(dir / name));
  }
}

std::size_t left(const HtmlPage& page, std::size_t budget) {
  const std::size_t used = page.html().size();
  return used < budget ? budget - used : 0;
}

/** Column @at of each row of @csv; columns before it hold no quotes. */
std::vector<std::string> column(const std::string& csv, std::size_t at) {
  std::istringstream stream(csv);
  std::vector<std::string> values;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    const std::vector<std::string> fields = fields_of(line);
    values.push_back(at < fields.size() ? fields[at] : "");
  }
  return values;
}

/** The runs of index.csv, points of pareto.csv first. */
std::vector<BatchRun> sweep_runs(const fs::path& dir) {
  const std::string index = file_text(dir / "index.csv");
  const std::vector<std::string> points = column(index, 0), seeds = column(index, 1);
  const std::vector<std::string> front = column(file_text(dir / "pareto.csv"), 1);
  const std::set<std::string> on_front(front.begin(), front.end());
  std::vector<BatchRun> runs;
  for (std::size_t i = 0; i < points.size(); ++i) {
    runs.push_back({points[i], seeds[i], fs::path("points") / points[i] / seeds[i]});
  }
  std::ranges::stable_partition(runs, [&](const BatchRun& run) { return on_front.contains(run.group); });
  return runs;
}

std::vector<BatchRun> comparison_runs(const json& comparison) {
  std::vector<BatchRun> runs;
  for (const json& seed : comparison.at("seeds")) {
    for (const std::string placement : comparison.at("placements")) {
      runs.push_back({placement, seed.dump(), fmt::format("{}-{}", placement, seed.dump())});
    }
  }
  return runs;
}

/** compare.json of @dir. */
json comparison_of(const fs::path& dir) {
  try {
    return json::parse(file_text(dir / "compare.json"));
  } catch (const json::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", (dir / "compare.json").string(), error.what()));
  }
}

}  // namespace

std::string comparison_report(const fs::path& dir, std::size_t budget) {
  const json comparison = comparison_of(dir);
  HtmlPage page(comparison.value("scenario", dir.filename().string()) + ", compared", "comparison.js");
  add_files(page, dir, {"compare.json"});
  const std::vector<BatchRun> runs = comparison_runs(comparison);
  page.add("gigablock_size", gigablock_size_of(runs.empty() ? dir : dir / runs.front().dir / "scenario.yaml"));
  add_runs(page, dir, runs, left(page, budget));
  return page.html();
}

std::string sweep_report(const fs::path& dir, std::size_t budget) {
  HtmlPage page(fs::absolute(dir).lexically_normal().filename().string() + ", a sweep", "sweep.js");
  add_files(page, dir, {"index.csv", "aggregate.csv", "pareto.csv", "sweep.yaml", "base.yaml"});
  page.add("gigablock_size", gigablock_size_of(dir / "base.yaml"));
  add_runs(page, dir, sweep_runs(dir), left(page, budget));
  return page.html();
}

}  // namespace gbsim
