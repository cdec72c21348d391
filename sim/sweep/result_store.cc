// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/result_store.h"

#include <fmt/format.h>

#include "sim/metrics/csv.h"
#include "sim/metrics/output_file.h"
#include "sim/sweep/pareto.h"

namespace gbsim {
namespace {

Cell number(std::optional<double> value) {
  return value ? Cell(*value) : Cell();
}

Cell whole(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

/** A parameter as a number where it is spelt as a plain one, else as it was written. */
Cell parameter(const std::string& text) {
  const auto value = number_of(text);
  const bool plain = text.find_first_not_of("0123456789.+-eE") == std::string::npos;
  return value && plain ? Cell(*value) : Cell(text);
}

std::string csv_text(const Cell& cell) {
  if (const auto* value = std::get_if<double>(&cell)) {
    return fmt::format("{}", *value);
  }
  if (const auto* value = std::get_if<std::int64_t>(&cell)) {
    return fmt::format("{}", *value);
  }
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr ? csv_field(*text) : std::string();
}

void add_parameters(const SweepPoint& point, std::vector<Cell>& row) {
  for (const std::string& value : point.setting) {
    row.push_back(parameter(value));
  }
}

std::vector<std::string> parameter_columns(const Sweep& sweep, std::vector<std::string> columns) {
  for (const Axis& axis : sweep.spec().axes) {
    columns.push_back(axis.key);
  }
  return columns;
}

std::vector<Cell> index_row(const SweepPoint& point, const SweepRun& run) {
  std::vector<Cell> row{point.id, whole(run.seed)};
  add_parameters(point, row);
  for (const auto& metric : run.metrics) {
    row.push_back(number(metric));
  }
  row.emplace_back(run.outcome);
  row.emplace_back(run.reason);
  return row;
}

std::vector<Cell> aggregate_row(const Sweep& sweep, const SweepPoint& point, std::size_t metric) {
  const std::string& name = sweep.spec().metrics[metric].name;
  const std::vector<double> values = sweep.values(point, metric);
  std::vector<Cell> row{point.id};
  add_parameters(point, row);
  row.emplace_back(name);
  row.push_back(whole(values.size()));
  if (values.empty()) {
    row.resize(row.size() + 8);
    return row;
  }
  const Spread spread = spread_of(values);
  const Interval interval = bootstrap_median(values, point.id + "." + name);
  for (const double value : {spread.median, spread.q1, spread.q3, interval.low, interval.high, spread.mean, spread.min,
                             spread.max}) {
    row.emplace_back(value);
  }
  return row;
}

}  // namespace

ResultTable index_table(const Sweep& sweep) {
  ResultTable table{"runs", parameter_columns(sweep, {"point", "seed"}), {}};
  for (const SweepMetric& metric : sweep.spec().metrics) {
    table.columns.push_back(metric.name);
  }
  table.columns.insert(table.columns.end(), {"outcome", "reason"});
  for (const SweepPoint& point : sweep.points()) {
    for (const SweepRun& run : point.runs) {
      table.rows.push_back(index_row(point, run));
    }
  }
  return table;
}

ResultTable aggregate_table(const Sweep& sweep) {
  ResultTable table{"aggregate", parameter_columns(sweep, {"point"}), {}};
  table.columns.insert(table.columns.end(), {"metric", "runs", "median", "q1", "q3", "median_low95", "median_high95",
                                             "mean", "min", "max"});
  for (const SweepPoint& point : sweep.points()) {
    for (std::size_t metric = 0; metric < sweep.spec().metrics.size(); ++metric) {
      table.rows.push_back(aggregate_row(sweep, point, metric));
    }
  }
  return table;
}

ResultTable pareto_table(const Sweep& sweep) {
  ResultTable table{"pareto", parameter_columns(sweep, {"rank", "point"}), {}};
  for (const Objective& objective : sweep.spec().objectives) {
    table.columns.push_back(objective.metric);
  }
  for (const std::size_t index : pareto_points(sweep)) {
    const SweepPoint& point = sweep.points()[index];
    std::vector<Cell> row{whole(table.rows.size() + 1), point.id};
    add_parameters(point, row);
    for (const Objective& objective : sweep.spec().objectives) {
      row.emplace_back(spread_of(sweep.values(point, sweep.metric_index(objective.metric))).median);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string to_csv(const ResultTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    text += (i > 0 ? "," : "") + csv_field(table.columns[i]);
  }
  text += '\n';
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (i > 0 ? "," : "") + csv_text(row[i]);
    }
    text += '\n';
  }
  return text;
}

void write_results(const Sweep& sweep) {
  const std::vector<ResultTable> tables{index_table(sweep), aggregate_table(sweep), pareto_table(sweep)};
  const std::filesystem::path& dir = sweep.place().dir;
  write_atomically(dir / "index.csv", to_csv(tables[0]));
  write_atomically(dir / "aggregate.csv", to_csv(tables[1]));
  write_atomically(dir / "pareto.csv", to_csv(tables[2]));
  write_sqlite(dir / "sweep.sqlite", tables);
}

}  // namespace gbsim
