// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sim/engine/daemon.h"
#include "sim/engine/simulated_machine.h"
#include "sim/engine/workload_set.h"

namespace gbsim {

/** The kernel's own threads: kswapd and kcompactd of each node, khugepaged, the flusher, and the per-CPU tick. */
class KernelDaemons : public DaemonWaker {
 public:
  /** @awake: false if all but the tick sleep for ever, whoever wakes them. */
  KernelDaemons(const Stage& stage, SimulatedMachine& machine, WorkloadSet& workloads, bool awake = true);

  void kswapd_woken(NodeId node) override { wake(*kswapds_[node.value]); }
  void kcompactd_woken(NodeId node) override { wake(*kcompactds_[node.value]); }
  void gigablock_defrag_woken() override { wake(gigablock_defrag_); }

 private:
  void wake(Daemon& daemon) {
    if (awake_) {
      daemon.wake();
    }
  }
  Ns reclaim_some(NodeId node, CpuId cpu);
  Ns compact_some(NodeId node, CpuId cpu);
  Ns scan_for_thp();
  Ns write_back();
  Ns tick_all();
  DaemonIdentity everywhere(std::string name, CpuUser user) const;
  DaemonIdentity on_node(std::string name, CpuUser user, NodeId node) const;
  Ns now() const { return machine_.memory.clock().now; }

  SimulatedMachine& machine_;
  WorkloadSet& workloads_;
  bool awake_;
  Ns next_periodic_flush_{0};
  std::vector<std::unique_ptr<Daemon>> kswapds_;     // by node
  std::vector<std::unique_ptr<Daemon>> kcompactds_;  // by node
  Daemon gigablock_defrag_;
  std::unique_ptr<Daemon> confinement_;  // where memory is confined
  Daemon khugepaged_;
  Daemon flusher_;
  Daemon ticker_;
};

}  // namespace gbsim
