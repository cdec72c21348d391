// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "sim/sweep/sweep.h"

namespace gbsim::test {

/** Two keys of two values, metrics good and cost, more of the one and less of the other wanted. */
inline SweepSpec toy_spec() {
  SweepSpec spec;
  spec.name = "toy";
  spec.axes = {{.key = "x", .values = {"1", "2"}}, {.key = "word", .values = {"a", "b"}}};
  spec.metrics = {{"good", Expression("100 * thp.success_rate")}, {"cost", Expression("x * 10")}};
  spec.objectives = {{"good", true}, {"cost", false}};
  return spec;
}

inline RunOutcome toy_outcome(double success_rate) {
  const std::string json = R"({"outcome": "completed", "thp": {"success_rate": )" + std::to_string(success_rate) + "}}";
  return {"completed", "", RunSummary::parse(json)};
}

inline Sweep toy_sweep(SweepSpec spec, std::filesystem::path dir = "out") {
  return Sweep(std::move(spec), {.dir = std::move(dir), .first_seed = 5, .simulated_memory = 1});
}

}  // namespace gbsim::test
