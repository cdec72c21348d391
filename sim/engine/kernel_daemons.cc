// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/kernel_daemons.h"

#include <algorithm>
#include <utility>

namespace gbsim {

namespace {

using namespace std::chrono_literals;

// A unit is a fraction of a millisecond of work: short beside a CPU window, long beside an actor's switch.
constexpr NrPages kReclaimUnit{1024};
constexpr NrPages kCompactUnit{4096};
constexpr NrPages kFlushUnit{4096};

constexpr Ns kProactiveInterval = 500ms;  // HPAGE_FRAG_CHECK_INTERVAL_MSEC
constexpr Ns kBackgroundCheck = 100ms;    // writers notice the background limit within balance_dirty_pages()
constexpr Ns kBoundaryCheck = 100ms;      // how often the worker of a confined machine looks; our choice
constexpr Ns kTick = 1s;                  // vm.stat_interval

}  // namespace

KernelDaemons::KernelDaemons(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, bool awake)
    : machine_(machine),
      workloads_(workloads),
      awake_(awake),
      gigablock_defrag_(stage, everywhere("gigablock_defrag", CpuUser::gigablock_defrag),
                        [this](CpuId cpu) { return machine_.gigablock_defrag.step(cpu) ? kGoOn : kUntilWoken; }),
      khugepaged_(stage, everywhere("khugepaged", CpuUser::khugepaged), [this](CpuId) { return scan_for_thp(); }),
      flusher_(stage, everywhere("flusher", CpuUser::other), [this](CpuId) { return write_back(); }),
      ticker_(stage, everywhere("tick", CpuUser::other), [this](CpuId) { return tick_all(); }) {
  if (machine.tunables.confines() && awake) {
    confinement_ = std::make_unique<Daemon>(stage, everywhere("confinement", CpuUser::other), [this](CpuId cpu) {
      return machine_.confinement.step(cpu) ? kGoOn : now() + kBoundaryCheck;
    });
  }
  for (unsigned i = 0; i < machine.memory.nr_nodes(); ++i) {
    const NodeId node{i};
    kswapds_.push_back(std::make_unique<Daemon>(stage, on_node("kswapd", CpuUser::kswapd, node),
                                                [this, node](CpuId cpu) { return reclaim_some(node, cpu); }));
    kcompactds_.push_back(std::make_unique<Daemon>(stage, on_node("kcompactd", CpuUser::kcompactd, node),
                                                   [this, node](CpuId cpu) { return compact_some(node, cpu); }));
  }
}

DaemonIdentity KernelDaemons::everywhere(std::string name, CpuUser user) const {
  return {std::move(name), user, CpuId{0}, machine_.memory.nr_cpus()};
}

DaemonIdentity KernelDaemons::on_node(std::string name, CpuUser user, NodeId node) const {
  const CpuRange cpus = cpus_of(machine_.memory, node);
  return {std::move(name) + std::to_string(node.value), user, cpus.first, cpus.count};
}

Ns KernelDaemons::reclaim_some(NodeId node, CpuId cpu) {
  const KswapdStep step = machine_.reclaim.kswapd().step(node, kReclaimUnit, cpu);
  if (step.balanced) {
    machine_.compaction.reset_skip_bits(node);
  }
  machine_.pressure.wake_kcompactd(node, step.compact_order);
  return step.next;
}

Ns KernelDaemons::compact_some(NodeId node, CpuId cpu) {
  if (machine_.kcompactd.step(node, kCompactUnit, cpu)) {
    return kGoOn;
  }
  const Ns next = (now() / kProactiveInterval + 1) * kProactiveInterval;
  return awake_ && now() % kProactiveInterval == 0ns && machine_.kcompactd.wake_proactively(node) ? kGoOn : next;
}

Ns KernelDaemons::scan_for_thp() {
  if (awake_ && machine_.tunables.thp_enabled != ThpEnabled::never && now() > 0ns) {
    const Tunables& tunables = machine_.tunables;
    const bool served = workloads_.khugepaged(NrPages{tunables.khugepaged_pages_to_scan});
    return now() + (served ? tunables.khugepaged_scan_sleep : tunables.khugepaged_alloc_sleep);
  }
  return now() + machine_.tunables.khugepaged_scan_sleep;
}

Ns KernelDaemons::write_back() {
  Writeback& writeback = machine_.reclaim.writeback();
  const bool periodic = now() >= next_periodic_flush_;
  if (writeback.dirty() <= writeback.background_limit() && !writeback.flush_requested() && !periodic) {
    return now() + kBackgroundCheck;
  }
  if (writeback.flush(kFlushUnit) >= kFlushUnit) {
    return kGoOn;
  }
  next_periodic_flush_ = periodic ? now() + machine_.tunables.dirty_writeback_interval : next_periodic_flush_;
  return now() + kBackgroundCheck;
}

Ns KernelDaemons::tick_all() {
  for (unsigned i = 0; i < machine_.memory.nr_cpus(); ++i) {
    machine_.memory.tick(CpuId{i});
  }
  return now() + kTick;
}

}  // namespace gbsim
