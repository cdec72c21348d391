// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/sweep/batch.h"
#include "sim/sweep/sweep.h"

namespace gbsim {

/** What one run took. */
struct PilotRun {
  double seconds = 0;
  std::uint64_t peak_memory = 0;  // bytes
};

/** "one run: 3.1 s, 85 MiB; 200 runs, 2 at once: about 5m10s". @memory is what all runs together may hold. */
std::string estimate_text(const PilotRun& pilot, std::size_t runs, unsigned jobs, std::uint64_t memory);

/** Does one run of @sweep, of its largest machine, in a directory that goes away again; says what all may take. */
std::string pilot_estimate(Sweep& sweep, const std::string& base, const BatchOptions& options);

}  // namespace gbsim
