// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/sweep/sweep.h"

namespace gbsim {

/** One cell of a table: nothing, a number, a whole number or text. */
using Cell = std::variant<std::monostate, double, std::int64_t, std::string>;

/** A table of results, to be written as CSV and into SQLite alike. */
struct ResultTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

/** One row a point and seed: parameters, metrics, outcome, reason. */
ResultTable index_table(const Sweep& sweep);
/** One row a point and metric: runs, median, quartiles, bootstrap 95 % interval of the median, mean. */
ResultTable aggregate_table(const Sweep& sweep);
/** One row a point on the Pareto front: rank, parameters, medians of the objectives. */
ResultTable pareto_table(const Sweep& sweep);

/** The table as CSV; numbers as short as they read back the same. */
std::string to_csv(const ResultTable& table);
/** Replaces @file by an SQLite database of @tables, in one step. Throws OutputError. */
void write_sqlite(const std::filesystem::path& file, const std::vector<ResultTable>& tables);

/** index.csv, aggregate.csv, pareto.csv and sweep.sqlite in the directory of @sweep. Throws OutputError. */
void write_results(const Sweep& sweep);

}  // namespace gbsim
