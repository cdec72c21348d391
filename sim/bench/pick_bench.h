// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sim/bench/bench.h"

namespace gbsim {

/** How a gigablock is found. */
enum class PickMethod : std::uint8_t { walk, bitmap_proposed, bitmap_refined };

/** What the gigablocks are like: all with room, one in twenty with room, or only the last. */
enum class PickState : std::uint8_t { fresh, aged, adversarial };

/** One row: find the clean gigablock that serves a movable page. */
struct PickBenchmark {
  PickMethod method;
  std::uint32_t gigablocks;
  PickState state;

  /** pick/METHOD/GIGABLOCKS/STATE */
  std::string name() const;
};

/** All methods, sizes and states. */
std::span<const PickBenchmark> pick_benchmarks();

/** Median nanoseconds of one pick, and the cache lines that it reads. */
BenchRow measure_pick(const PickBenchmark& benchmark);

}  // namespace gbsim
