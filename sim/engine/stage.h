// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/engine/actors.h"
#include "sim/engine/cpu_ledger.h"
#include "sim/engine/invariant_watch.h"
#include "sim/engine/tracer.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** What all actors of a run share. Every reference outlives the actors. */
struct Stage {
  Actors& actors;
  Memory& memory;
  CpuLedger& ledger;
  InvariantWatch& watch;
  Tracer* tracer = nullptr;  // nobody traces

  SimClock& clock() const { return actors.clock(); }
};

}  // namespace gbsim
