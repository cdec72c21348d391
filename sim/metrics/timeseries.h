// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/metrics/csv.h"
#include "sim/metrics/sample.h"

namespace gbsim {

/** One line of timeseries.csv, or its header. Which zones and orders have columns follows from @sample. */
std::string timeseries_line(const Sample& sample, CsvLine::Mode mode);

}  // namespace gbsim
