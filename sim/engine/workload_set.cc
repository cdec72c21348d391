// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/workload_set.h"

#include <stdexcept>
#include <utility>

namespace gbsim {

void WorkloadSet::add(std::unique_ptr<Workload> workload) {
  instances_.push_back({std::move(workload), false});
}

void WorkloadSet::list_running() {
  running_.clear();
  for (const Instance& instance : instances_) {
    if (instance.running) {
      running_.push_back(instance.workload.get());
    }
  }
}

unsigned WorkloadSet::start(std::string_view name) {
  unsigned started = 0;
  for (Instance& instance : instances_) {
    if (!instance.running && names_workload(name, instance.workload->name())) {
      instance.workload->start();
      instance.running = true;
      ++started;
    }
  }
  list_running();
  return started;
}

unsigned WorkloadSet::stop(std::string_view name) {
  unsigned stopped = 0;
  for (Instance& instance : instances_) {
    if (instance.running && names_workload(name, instance.workload->name())) {
      instance.running = false;
      instance.workload->stop();
      ++stopped;
    }
  }
  list_running();
  return stopped;
}

void WorkloadSet::run(CpuId cpu, Ns from, Ns to) {
  for (Workload* workload : running_) {
    now_ = workload;
    workload->run(cpu, from, to);
  }
  now_ = nullptr;
}

bool WorkloadSet::khugepaged(NrPages pages) {
  bool served = true;
  for (Workload* workload : running_) {
    served = workload->khugepaged(pages) && served;
  }
  return served;
}

Workload* WorkloadSet::with_largest() const {
  Workload* victim = nullptr;
  NrPages most;
  for (Workload* workload : running_) {
    const NrPages pages = workload->largest_process();
    if (pages > most) {
      victim = workload;
      most = pages;
    }
  }
  return victim;
}

NrPages WorkloadSet::largest() {
  const Workload* victim = with_largest();
  return victim != nullptr ? victim->largest_process() : NrPages{};
}

void WorkloadSet::kill_largest() {
  Workload* victim = with_largest();
  if (victim == nullptr) {
    return;
  }
  if (kill_listener_) {
    kill_listener_(*victim, victim->largest_process());
  }
  victim->kill_largest_process();
}

void add_workloads(WorkloadSet& set, const Scenario& scenario, WorkloadHost& host) {
  for (const ScenarioWorkload& entry : scenario.workloads) {
    const WorkloadModel* model = find_workload_model(entry.model);
    if (model == nullptr) {
      throw std::invalid_argument("unknown workload model '" + entry.model + "'");
    }
    set.add(model->make(entry.name, entry.params, entry.scale, host));
  }
}

}  // namespace gbsim
