// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim {

/** Header and last line of a CSV file: enough to know what there is to draw. */
struct CsvEnds {
  std::vector<std::string> columns;
  std::vector<std::string> last;  // empty if there is no row
  std::size_t rows = 0;           // header not counted

  bool has(std::string_view column) const;
  /** The last value of @column as a number; zero if there is none. */
  double last_value(std::string_view column) const;
};

/** Empty if the file cannot be read. */
CsvEnds read_csv_ends(const std::filesystem::path& path);

/** Size of a gigablock of @order for people: "1 GiB", "64 MiB". */
std::string gigablock_size(unsigned order);

/** The same of @scenario, a file with every key spelt out. */
std::string gigablock_size_of(const std::filesystem::path& scenario);

/** One result directory as pictures see it. */
struct RunFiles {
  std::filesystem::path dir;
  std::string scenario;  // from summary.json, or the directory's name if the run left none
  std::string placement;
  std::string seed;
  std::string gigablock_size;  // for people
  CsvEnds timeseries;
  CsvEnds vmstat;

  /** "mixed-server, linux, seed 1" */
  std::string label() const;
  /** Number of columns free_blocks_oN. */
  unsigned nr_orders() const;
  /** Prefixes such as "node0_normal", in file order. */
  std::vector<std::string> zones() const;

  double seconds() const { return timeseries.last_value("time_s"); }
};

/** nullopt if @dir has no timeseries.csv with at least two samples. */
std::optional<RunFiles> read_run(const std::filesystem::path& dir);

/** What tells @run from the others of @runs: the placement, the seed, or both; its directory if these are the same. */
std::string short_label(const RunFiles& run, const std::vector<RunFiles>& runs);

}  // namespace gbsim
