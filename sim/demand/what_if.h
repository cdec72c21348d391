// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sim/demand/recorded_workload.h"
#include "sim/engine/simulation.h"
#include "sim/scenario/scenario.h"

namespace gbsim {

/** The demand of a recording on a machine and kernel of one's choice. */
struct WhatIf {
  const RecordingWithMoments& recording;
  Scenario scenario{};   // without workloads; its duration is the recording's, or less
  bool daemons = false;  // our own kernel daemons run; else nobody compacts or reclaims but who allocates
};

/**
 * A machine and kernel like the recorded ones, for the length of the recording, sampled two hundred times. Without
 * @daemons watermarks are not boosted: only kswapd would take the boost back.
 */
Scenario scenario_like(const RecordingWithMoments& recording, const std::string& name, std::uint64_t memory_bytes,
                       bool daemons);

/** What a what-if run ended with. */
struct WhatIfEnding {
  RunEnding run{};
  DemandOutcome demand{};
  int signal = 0;  // that interrupted it, 0 if none did
};

/** At most once a process. Throws what broke. */
WhatIfEnding run_what_if(const WhatIf& what_if, RunObserver& observer);

/** replay.json of a what-if run: what became of the demand. */
std::string what_if_json(const WhatIf& what_if, const WhatIfEnding& ending);

}  // namespace gbsim
