// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace gbsim {

/** One measured row. An operation is one allocation or one free of a block of the row's order, or one pick. */
struct BenchRow {
  std::string name;
  std::uint64_t memory_bytes = 0;
  double ns_per_operation = 0;
  double operations_per_second = 0;
  double metadata_bytes_per_page = 0;  // allocator's own: without the 4-byte slots that name live blocks
  double total_bytes_per_page = 0;     // with them
  double lines_per_operation = 0;      // cache lines read; rows that count them
  double ratio_to_linux = 0;           // of ns_per_operation; rows that compare placements
};

/** What `gbsim bench` was asked for. */
struct BenchOptions {
  std::vector<std::string> names{};            // prefixes such as "core" or "core/order0"; none: all
  std::vector<std::uint64_t> memory_bytes{};   // core and path; none: 16 GiB and 256 GiB
  std::string trace{};                         // recording that the replay row reads; empty: one made for it
  std::string json{};                          // file to write, if any
  bool help = false;
};

/** Throws std::invalid_argument that names what is wrong. */
BenchOptions parse_bench_options(std::span<const std::string> arguments);

/** Rows of all benchmarks that @options name, printed to @out as they come. */
std::vector<BenchRow> measure(const BenchOptions& options, std::ostream& out);

/** The rows as contract.md's `bench --json` has them. */
std::string bench_json(const std::vector<BenchRow>& rows);

/** `gbsim bench`: arguments are the words after the command. Returns the exit status. */
int run_bench(std::span<const std::string> arguments, std::ostream& out);

}  // namespace gbsim
