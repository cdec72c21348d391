// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "sim/engine/stage.h"
#include "sim/engine/workload_set.h"

namespace gbsim::test {

using namespace std::chrono_literals;

/** The run of @actors ends at @end. */
inline void stop_run(Actors& actors, Ns end) {
  actors.spawn("end", 0, [&actors, end] {
    actors.clock().sleep_until(end);
    actors.clock().stop();
  });
}

/** A small machine on which actors can run. At most one a process, as SimGrid allows. */
struct SmallStage {
  explicit SmallStage(unsigned nr_cpus) : actors(nr_cpus), cpus(nr_cpus) {}

  Actors actors;
  unsigned cpus;
  Tunables tunables{};
  CostTable costs{};
  Memory memory{MachineSpec{.nodes = 1, .cpus = cpus, .memory_bytes = std::uint64_t{128} << 20U}, tunables,
                actors.clock().clock(), costs};
  CpuLedger ledger{cpus, 10ms};
  InvariantWatch watch{memory, 0};
  Stage stage{actors, memory, ledger, watch};
  WorkloadSet workloads;
  DirectTimes direct;

  /** Ends the run at @end. */
  void stop_at(Ns end) { stop_run(actors, end); }
};

/** A workload whose windows do whatever a test wants. */
class FakeWorkload : public Workload {
 public:
  using Window = std::function<void(CpuId, Ns from, Ns to)>;

  FakeWorkload(std::string name, Window window) : name_(std::move(name)), window_(std::move(window)) {}

  const std::string& name() const override { return name_; }
  void start() override { ++starts; }
  void run(CpuId cpu, Ns from, Ns to) override { window_(cpu, from, to); }
  void stop() override { ++stops; }
  NrPages largest_process() const override { return process; }
  void kill_largest_process() override { process = NrPages{}; }
  bool khugepaged(NrPages pages) override {
    scanned += pages;
    return huge_pages;
  }

  int starts = 0;
  bool huge_pages = true;  // can be had
  int stops = 0;
  NrPages process{};
  NrPages scanned{};

 private:
  std::string name_;
  Window window_;
};

/** Adds a running FakeWorkload to @set and returns it. */
inline FakeWorkload& run_fake(WorkloadSet& set, std::string name, FakeWorkload::Window window) {
  auto workload = std::make_unique<FakeWorkload>(name, std::move(window));
  FakeWorkload& result = *workload;
  set.add(std::move(workload));
  set.start(name);
  return result;
}

}  // namespace gbsim::test
