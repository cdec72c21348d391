// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/pick_bench.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace gbsim;

TEST_CASE("pick rows are named by method, size and state, and count what is read") {
  std::map<std::string, double> lines;
  for (const PickBenchmark& benchmark : pick_benchmarks()) {
    if (benchmark.gigablocks == 238) {
      lines[benchmark.name()] = measure_pick(benchmark).lines_per_operation;
    }
  }
  CHECK(pick_benchmarks().size() == 36);
  CHECK(lines.at("pick/walk/238/adversarial") == 238);
  CHECK(lines.at("pick/walk/238/fresh") == 1);
  CHECK(lines.at("pick/bitmap-refined/238/adversarial") == lines.at("pick/bitmap-refined/238/fresh"));
  CHECK(lines.at("pick/bitmap-proposed/238/adversarial") < 10);
}
