// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sim/report/plots.h"
#include "sim/sweep/sweep.h"

namespace gbsim {

/** One gnuplot script of a sweep; NAME.gp draws NAME.png or NAME.svg. */
struct SweepScript {
  std::string name;
  std::string text;
};

/**
 * Pictures of a sweep: a response of each metric to each key (medians with bootstrap 95 % intervals), main effects and
 * interactions, heat maps of each two keys, and the Pareto front. Curves differ by symbol and dash as well as by
 * colour, heat maps carry their numbers, so that black and white shows the same.
 */
std::vector<SweepScript> sweep_scripts(const Sweep& sweep);

/** Writes and draws them in DIR/plots. Throws OutputError. */
PlotOutcome draw_sweep(const Sweep& sweep);

}  // namespace gbsim
