// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/bench/bench.h"
#include "sim/bench/core_world.h"

namespace gbsim {

/** One way to exercise the core allocator; run() does about @operations and returns how many it did. */
struct CoreBenchmark {
  std::string_view name;
  unsigned order;  // of the blocks that memory is filled with
  std::string_view pattern;  // who allocates and frees what
  std::uint64_t (*run)(CoreWorld& world, std::uint64_t operations);
};

std::span<const CoreBenchmark> core_benchmarks();

/** Median over runs, on a zone of @memory_bytes that is 85 % full of scattered blocks. */
BenchRow measure_core(const CoreBenchmark& benchmark, std::uint64_t memory_bytes);

}  // namespace gbsim
