// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "sim/base/units.h"
#include "sim/bench/core_bench.h"
#include "sim/bench/path_bench.h"
#include "sim/bench/pick_bench.h"
#include "sim/bench/replay_bench.h"
#include "sim/recording/temp_file.h"
#include "sim/replay/replay_modes.h"

namespace gbsim {

namespace {

constexpr std::string_view kUsage =
    "usage: gbsim bench [NAME...] [--memory SIZE,...] [--trace FILE] [--json FILE]\n"
    "NAME is a row or the start of one, such as core, core/order0, path, path/bitmap/16/aged, pick/walk or replay;\n"
    "SIZE, for core and path, as 16GiB.\n"
    "replay reads FILE, any recording, and replays it in each mode for which it has all, snapshots and list events;\n"
    "without FILE, it reads a PGT1 file made for the purpose.\n";

std::vector<std::uint64_t> parse_sizes(const std::string& text) {
  std::vector<std::uint64_t> sizes;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t until = std::min(text.find(',', from), text.size());
    const auto size = parse_size(std::string_view(text).substr(from, until - from));
    if (!size || *size < (std::uint64_t{256} << 20)) {
      throw std::invalid_argument("bench: --memory takes sizes of at least 256MiB, such as 16GiB,256GiB");
    }
    sizes.push_back(*size);
    from = until + 1;
  }
  return sizes;
}

bool asked_for(const BenchOptions& options, std::string_view row) {
  return options.names.empty() ||
         std::ranges::any_of(options.names, [&](const std::string& name) { return row.starts_with(name); });
}

void print_row(const BenchRow& row, std::ostream& out) {
  out << fmt::format("{:<24} {:>8} {:>8.2f} ns {:>8.1f} M/s {:>7.2f} {:>7.2f}\n", row.name,
                     format_size(row.memory_bytes), row.ns_per_operation, row.operations_per_second / 1e6,
                     row.metadata_bytes_per_page, row.total_bytes_per_page)
      << std::flush;
}

void print_patterns(std::span<const CoreBenchmark* const> chosen, std::ostream& out) {
  for (const CoreBenchmark* benchmark : chosen) {
    out << fmt::format("{:<24} {}\n", benchmark->name, benchmark->pattern);
  }
}

void measure_core_rows(const BenchOptions& options, std::vector<BenchRow>& rows, std::ostream& out) {
  std::vector<const CoreBenchmark*> chosen;
  for (const CoreBenchmark& benchmark : core_benchmarks()) {
    if (asked_for(options, benchmark.name)) {
      chosen.push_back(&benchmark);
    }
  }
  if (chosen.empty()) {
    return;
  }
  out << fmt::format("{:<24} {:>8} {:>11} {:>12} {:>7} {:>7}\n", "benchmark", "memory", "per op", "per second",
                     "B/page", "total");
  for (const std::uint64_t bytes : options.memory_bytes) {
    for (const CoreBenchmark* benchmark : chosen) {
      rows.push_back(measure_core(*benchmark, bytes));
      print_row(rows.back(), out);
    }
  }
  print_patterns(chosen, out);
  out << "Memory is 85 % full of blocks of the row's order, free ones anywhere. An operation is one block in or out.\n"
         "B/page: page map, free bitmaps, pageblocks, free and per-CPU lists, per base page; without the 4 bytes that\n"
         "name each live block. total: with them. One core, median of runs, driver included.\n";
}

void measure_pick_rows(const BenchOptions& options, std::vector<BenchRow>& rows, std::ostream& out) {
  bool first = true;
  for (const PickBenchmark& benchmark : pick_benchmarks()) {
    if (!asked_for(options, benchmark.name())) {
      continue;
    }
    if (std::exchange(first, false)) {
      out << fmt::format("{:<40} {:>13} {:>12}\n", "benchmark", "per pick", "cache lines");
    }
    rows.push_back(measure_pick(benchmark));
    out << fmt::format("{:<40} {:>10.1f} ns {:>12.0f}\n", rows.back().name, rows.back().ns_per_operation,
                       rows.back().lines_per_operation)
        << std::flush;
  }
}

void print_path_rows(const std::vector<BenchRow>& rows, std::ostream& out) {
  if (!rows.empty()) {
    out << fmt::format("{:<40} {:>13} {:>9} {:>7}\n", "benchmark", "per operation", "to linux", "B/page");
  }
  for (const BenchRow& row : rows) {
    out << fmt::format("{:<40} {:>10.1f} ns {:>9.2f} {:>7.2f}\n", row.name, row.ns_per_operation, row.ratio_to_linux,
                       row.metadata_bytes_per_page);
  }
  out << std::flush;
}

void measure_path_rows(const BenchOptions& options, std::vector<BenchRow>& rows, std::ostream& out) {
  const auto wanted = [&](const std::string& name) { return asked_for(options, name); };
  for (const std::uint64_t bytes : options.memory_bytes) {
    for (const PathState state : {PathState::fresh, PathState::aged}) {
      const std::vector<BenchRow> measured = measure_path(bytes, state, wanted);
      print_path_rows(measured, out);
      rows.insert(rows.end(), measured.begin(), measured.end());
    }
  }
}

void measure_replay_rows(const BenchOptions& options, std::vector<BenchRow>& rows, std::ostream& out) {
  constexpr unsigned kBlocks = 8;
  const TempDir dir;
  const std::filesystem::path made = dir.path() / "synthetic.pgt";
  const std::filesystem::path trace = options.trace.empty() ? made : std::filesystem::path(options.trace);
  if (!asked_for(options, "replay/" + trace.filename().string())) {
    return;
  }
  if (trace == made) {
    write_synthetic_pgt(made, kBlocks);
  }
  const auto add = [&](const BenchRow& row) {
    rows.push_back(row);
    out << fmt::format("{:<40} {:>8.1f} ns an event {:>8.2f} M events/s\n", row.name, row.ns_per_operation,
                       row.operations_per_second / 1e6)
        << std::flush;
  };
  add(measure_reading(trace));
  for (const ReplayMode& mode : replay_modes()) {
    if (const auto row = measure_mode(trace, mode)) {
      add(*row);
    }
  }
}

}  // namespace

BenchOptions parse_bench_options(std::span<const std::string> arguments) {
  BenchOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool takes_value = word == "--memory" || word == "--json" || word == "--trace";
    if (takes_value && i + 1 == arguments.size()) {
      throw std::invalid_argument("bench: " + word + " needs a value");
    }
    if (word == "--memory") {
      options.memory_bytes = parse_sizes(arguments[++i]);
    } else if (word == "--json") {
      options.json = arguments[++i];
    } else if (word == "--trace") {
      options.trace = arguments[++i];
    } else if (word == "--help") {
      options.help = true;
    } else if (word.starts_with("-")) {
      throw std::invalid_argument("bench: unknown option '" + word + "'; known are --memory, --trace and --json");
    } else {
      options.names.push_back(word);
    }
  }
  if (options.memory_bytes.empty()) {
    options.memory_bytes = {std::uint64_t{16} << 30, std::uint64_t{256} << 30};
  }
  return options;
}

std::vector<BenchRow> measure(const BenchOptions& options, std::ostream& out) {
  std::vector<BenchRow> rows;
  measure_core_rows(options, rows, out);
  measure_path_rows(options, rows, out);
  measure_pick_rows(options, rows, out);
  measure_replay_rows(options, rows, out);
  return rows;
}

std::string bench_json(const std::vector<BenchRow>& rows) {
  auto list = nlohmann::ordered_json::array();
  for (const BenchRow& row : rows) {
    list.push_back({{"name", row.name},
                    {"memory_bytes", row.memory_bytes},
                    {"ns_per_operation", row.ns_per_operation},
                    {"operations_per_second", row.operations_per_second},
                    {"metadata_bytes_per_page", row.metadata_bytes_per_page},
                    {"total_bytes_per_page", row.total_bytes_per_page},
                    {"lines_per_operation", row.lines_per_operation},
                    {"ratio_to_linux", row.ratio_to_linux}});
  }
  return list.dump(1) + "\n";
}

int run_bench(std::span<const std::string> arguments, std::ostream& out) {
  const BenchOptions options = parse_bench_options(arguments);
  if (options.help) {
    out << kUsage;
    return 0;
  }
  const std::vector<BenchRow> rows = measure(options, out);
  if (rows.empty()) {
    throw std::invalid_argument("bench: no benchmark of that name; try core, path, pick or replay");
  }
  if (options.json.empty()) {
    return 0;
  }
  std::ofstream file(options.json);
  file << bench_json(rows);
  if (!file.flush()) {
    std::cerr << options.json << ": cannot be written\n";
    return 1;
  }
  return 0;
}

}  // namespace gbsim
