// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/simulated_machine.h"

namespace gbsim {

namespace {

/** Share of migrations that meet a passing reference. mmtests thpcompact: about 1 % of attempts fail. */
constexpr double kBusyShare = 0.01;

MachineSpec spec_of(const ScenarioMachine& machine) {
  MachineSpec spec;
  spec.nodes = machine.nodes;
  spec.cpus = machine.cpus;
  spec.memory_bytes = machine.memory;
  spec.movablecore_bytes = machine.movablecore;
  spec.cma_bytes = machine.cma;
  spec.hugetlb_cma_bytes = machine.hugetlb_cma;
  spec.orders.gigablock = Order{machine.gigablock_order};
  return spec;
}

Tunables tunables_of(const Scenario& scenario) {
  Tunables tunables = to_tunables(scenario.tunables);
  tunables.placement = placement_kind(scenario.placement);
  tunables.pcp = pcp_kind(scenario.pcp);
  return tunables;
}

}  // namespace

SimulatedMachine::SimulatedMachine(const Scenario& scenario, const Clock& clock)
    : tunables(tunables_of(scenario)),
      costs(scenario.costs),
      idle_meter(costs),
      memory(spec_of(scenario.machine), tunables, clock, costs),
      reclaim(memory),
      migration(memory, RandomStream(scenario.seed, "migration"), kBusyShare),
      compaction(memory, migration),
      kcompactd(memory, compaction),
      pressure(memory, reclaim, compaction, kcompactd),
      allocator(memory, pressure),
      contig(allocator, migration),
      gigablock_defrag(allocator, migration, reclaim.slab()),
      confinement(allocator, migration),
      slabs(allocator),
      host{memory, allocator, reclaim, slabs, contig, clock, scenario.seed} {
  memory.set_meter(idle_meter);
  contig.reserve_pool(scenario.machine.hugetlb_1g);
  pressure.connect(gigablock_defrag);
  pressure.connect(confinement);
}

CpuRange cpus_of(const Memory& memory, NodeId node) {
  CpuRange range{CpuId{0}, 0};
  for (unsigned i = memory.nr_cpus(); i-- > 0;) {
    const CpuId cpu{i};
    if (memory.node_of(cpu) == node) {
      range = {cpu, range.count + 1};
    }
  }
  return range.count != 0 ? range : CpuRange{CpuId{0}, memory.nr_cpus()};
}

}  // namespace gbsim
