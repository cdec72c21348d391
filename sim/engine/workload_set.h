// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/allocator/memory_pressure.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/workload.h"

namespace gbsim {

/** The workloads of a run: which of them run, and who among them is killed when memory is out. */
class WorkloadSet : public OomVictims {
 public:
  /** Called with the workload whose largest process, of so many pages, is about to be killed. */
  using KillListener = std::function<void(const Workload&, NrPages)>;

  /** An instance that takes part from now on, not yet running. */
  void add(std::unique_ptr<Workload> workload);
  void set_kill_listener(KillListener listener) { kill_listener_ = std::move(listener); }

  /** Starts the instance or the group @name where it does not run; returns how many were started. */
  unsigned start(std::string_view name);
  /** The reverse. */
  unsigned stop(std::string_view name);
  bool any_running() const { return !running_.empty(); }
  /** All work of @cpu in [from, to), instance by instance in the scenario's order. */
  void run(CpuId cpu, Ns from, Ns to);
  /** The instance whose work run() does at this moment; empty outside of it. */
  std::string_view running_now() const { return now_ != nullptr ? now_->name() : std::string_view{}; }
  /** One khugepaged wake-up, @pages to scan in each running workload; false if one was refused a huge page. */
  bool khugepaged(NrPages pages);

  NrPages largest() override;
  void kill_largest() override;

 private:
  struct Instance {
    std::unique_ptr<Workload> workload;
    bool running = false;
  };

  Workload* with_largest() const;
  void list_running();

  std::vector<Instance> instances_;
  std::vector<Workload*> running_;
  KillListener kill_listener_;
  const Workload* now_ = nullptr;
};

/** Builds every workload of @scenario. Throws std::invalid_argument for an unknown model. */
void add_workloads(WorkloadSet& set, const Scenario& scenario, WorkloadHost& host);

}  // namespace gbsim
