// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/timeline.h"

#include <algorithm>
#include <utility>

namespace gbsim {

Timeline::Timeline(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, Recorder& recorder,
                   const Scenario& scenario, std::function<void()> on_start)
    : machine_(machine),
      workloads_(workloads),
      recorder_(recorder),
      clock_(machine.memory.clock()),
      warmup_(scenario.warmup),
      on_start_(std::move(on_start)),
      init_(stage, "init"),
      console_(stage, "console"),
      operator_(stage, "operator") {
  machine.contig.on_attempt([this](const Hugepage1gAttempt& attempt) { record_1g(attempt); });
  schedule_workloads(scenario);
  for (const TimelineAction& action : scenario.timeline) {
    schedule(action);
  }
}

void Timeline::schedule_workloads(const Scenario& scenario) {
  for (const ScenarioWorkload& workload : scenario.workloads) {
    if (workload.start) {
      init_.add(warmup_ + *workload.start, [this, &workload](CpuId) { start(workload.name); });
    }
    if (workload.stop) {
      init_.add(warmup_ + *workload.stop, [this, &workload](CpuId) { stop(workload.name); });
    }
  }
}

void Timeline::schedule(const TimelineAction& action) {
  const Ns at = warmup_ + action.at;
  switch (action.kind) {
    case ActionKind::start_workload:
      return init_.add(at, [this, &action](CpuId) { start(action.workload); });
    case ActionKind::stop_workload:
      return init_.add(at, [this, &action](CpuId) { stop(action.workload); });
    case ActionKind::set:
      return console_.add(at, [this, &action](CpuId) { set(action); });
    case ActionKind::snapshot:
      return console_.add(at, [this](CpuId) { snapshot(); });
    case ActionKind::allocate_1g:
      return operator_.add(at, [this, &action](CpuId) { allocate_1g(action); });
    case ActionKind::free_1g:
      return operator_.add(at, [this, &action](CpuId cpu) { free_1g(action.count, cpu); });
    case ActionKind::compact_memory:
      return operator_.add(at, [this](CpuId cpu) { compact_memory(cpu); });
    case ActionKind::drop_caches:
      return operator_.add(at, [this](CpuId cpu) { drop_caches(cpu); });
  }
}

void Timeline::start(const std::string& name) {
  if (workloads_.start(name) != 0) {
    on_start_();
    recorder_.event({.event = "start_workload", .detail = name});
  }
}

void Timeline::stop(const std::string& name) {
  const std::uint64_t before = machine_.memory.vmstat().get(VmEvent::pgfree);
  if (workloads_.stop(name) != 0) {
    const std::uint64_t freed = machine_.memory.vmstat().get(VmEvent::pgfree) - before;
    recorder_.event({.event = "stop_workload", .pages = freed, .detail = name});
  }
}

void Timeline::set(const TimelineAction& action) {
  const auto error = set_tunable(machine_.tunables, action.tunable, action.value);
  machine_.memory.apply_tunables();
  recorder_.event({.event = "set", .detail = error.value_or(action.tunable + "=" + action.value)});
}

void Timeline::snapshot() {
  recorder_.snapshot();
  recorder_.event({.event = "snapshot"});
}

void Timeline::allocate_1g(const TimelineAction& action) {
  for (unsigned i = 0; i < action.count; ++i) {
    operator_.add(clock_.now, [this](CpuId cpu) { allocate_one_1g(cpu); });
  }
  if (action.hold) {
    operator_.add(clock_.now + *action.hold, [this, count = action.count](CpuId cpu) { free_1g(count, cpu); });
  }
}

void Timeline::allocate_one_1g(CpuId cpu) {
  const NodeId node{next_node_++ % machine_.memory.nr_nodes()};
  machine_.contig.allocate_1g(node, cpu);
}

void Timeline::record_1g(const Hugepage1gAttempt& attempt) {
  RunEvent event{.event = "allocate_1g", .detail = attempt.page ? "allocated" : "failed"};
  if (attempt.page) {
    const Order gigablock = machine_.memory.zone(0).orders().gigablock;
    event.gigablock = GigablockId{attempt.page->value >> gigablock.value};
  }
  event.pages = attempt.pages_migrated;
  event.duration = attempt.duration;
  recorder_.event(std::move(event));
}

void Timeline::free_1g(unsigned count, CpuId cpu) {
  const unsigned held = static_cast<unsigned>(machine_.contig.held());
  const unsigned wanted = count == 0 ? held : std::min(count, held);
  for (unsigned i = 0; i < wanted; ++i) {
    machine_.contig.free_1g(cpu);
  }
  const Order gigablock = machine_.memory.zone(0).orders().gigablock;
  recorder_.event({.event = "free_1g", .pages = gigablock.pages().value * wanted});
}

void Timeline::compact_memory(CpuId cpu) {
  const Ns before = operator_.spent();
  const std::uint64_t migrated = machine_.memory.vmstat().get(VmEvent::pgmigrate_success);
  machine_.compaction.compact_everything(cpu);
  recorder_.event({.event = "compact_memory",
                   .pages = machine_.memory.vmstat().get(VmEvent::pgmigrate_success) - migrated,
                   .duration = operator_.spent() - before});
}

void Timeline::drop_caches(CpuId cpu) {
  const Ns before = operator_.spent();
  const NrPages dropped = machine_.reclaim.drop_caches(cpu);
  recorder_.event({.event = "drop_caches", .pages = dropped.value, .duration = operator_.spent() - before});
}

}  // namespace gbsim
