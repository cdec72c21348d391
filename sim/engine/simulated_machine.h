// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <utility>

#include "sim/allocator/confinement.h"
#include "sim/allocator/contig.h"
#include "sim/allocator/gigablock_defrag.h"
#include "sim/allocator/memory_pressure.h"
#include "sim/allocator/page_allocator.h"
#include "sim/reclaim/compaction.h"
#include "sim/reclaim/kcompactd.h"
#include "sim/reclaim/migration.h"
#include "sim/reclaim/reclaim.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/slab_cache.h"
#include "sim/workload/workload.h"

namespace gbsim {

/** A machine and its kernel just after boot, as a scenario describes them. Nothing in it runs by itself. */
struct SimulatedMachine {
  /** @clock outlives the machine. Throws std::invalid_argument for a placement or pcp this build does not have. */
  SimulatedMachine(const Scenario& scenario, const Clock& clock);

  Tunables tunables;
  CostTable costs;
  WorkMeter idle_meter;  // for work that nobody pays for
  Memory memory;
  Reclaim reclaim;
  Migration migration;
  Compaction compaction;
  Kcompactd kcompactd;
  MemoryPressure pressure;
  PageAllocator allocator;
  Contig contig;
  GigablockDefrag gigablock_defrag;
  Confinement confinement;
  SlabCaches slabs;
  WorkloadHost host;
};

/** CPUs that stand in consecutive numbers. */
struct CpuRange {
  CpuId first{};
  unsigned count = 1;
};

/** The CPUs of @node; all CPUs if it has none of its own. */
CpuRange cpus_of(const Memory& memory, NodeId node);

}  // namespace gbsim
