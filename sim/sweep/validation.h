// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/sweep/comparison.h"
#include "sim/sweep/published_figure.h"

namespace gbsim {

/** A published figure and the runs that were to reproduce it. */
struct Validation {
  const PublishedFigure& figure;
  const Comparison& comparison;
  std::vector<Verdict> verdicts;
};

/**
 * The table for people: a row a verdict, with what was published, the median over seeds, its ratio to what was
 * published, and the bound, which may be wider than what was published.
 */
std::string validation_table(std::span<const Validation> validations);

/** validate.json: the figures, and the table's rows with every number exact. */
std::string validation_json(std::span<const Validation> validations);

}  // namespace gbsim
